import Files

/// The JSON at the head of a safetensors file: what every tensor is and where its bytes lie.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let elementType: ElementType
        let shape: [Int]
        /// Bytes from the end of the header.
        let range: Range<Int>
    }

    /// Longer headers are refused, as the reference implementation does.
    static let maximumLength = 100_000_000

    var metadata: [String: String] = [:]
    /// In the order of their bytes, which follow each other without a gap.
    var entries: [Entry] = []

    /// Parses the JSON and checks it against the number of bytes that follow it.
    /// - Throws: `JSONScanner.Failure`.
    init(json: UnsafeRawBufferPointer, dataCount: Int) throws {
        var scanner = JSONScanner(json)
        guard json.first == UInt8(ascii: "{") else { throw scanner.failure("expected {", at: 0) }
        var names: Set<String> = []
        var hasMetadata = false
        try scanner.object { scanner, name in
            if name == "__metadata__" {
                guard !hasMetadata else { throw JSONScanner.Failure(reason: "__metadata__ appears twice") }
                hasMetadata = true
                try readMetadata(&scanner)
            } else {
                guard names.insert(name).inserted else {
                    throw JSONScanner.Failure(reason: "the tensor \"\(name.printable)\" appears twice")
                }
                entries.append(try Self.entry(name, &scanner))
            }
        }
        try scanner.end()
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        try checkLayout(dataCount: dataCount)
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner) throws {
        var metadata: [String: String] = [:]
        try scanner.object { scanner, key in
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw JSONScanner.Failure(reason: "the metadata \"\(key.printable)\" appears twice")
            }
        }
        self.metadata = metadata
    }

    private static func entry(_ name: String, _ scanner: inout JSONScanner) throws -> Entry {
        func failure(_ reason: String) -> JSONScanner.Failure {
            JSONScanner.Failure(reason: "the tensor \"\(name.printable)\" \(reason)")
        }
        var typeName: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype" where typeName == nil: typeName = try scanner.string()
            case "shape" where shape == nil: shape = try scanner.wholeNumbers()
            case "data_offsets" where offsets == nil: offsets = try scanner.wholeNumbers()
            case "dtype", "shape", "data_offsets": throw failure("has \(key) twice")
            default:
                throw failure(
                    "has an unknown key \"\(key.printable)\"; there are dtype, shape and data_offsets")
            }
        }
        guard let typeName else { throw failure("has no dtype") }
        guard let shape else { throw failure("has no shape") }
        guard let offsets else { throw failure("has no data_offsets") }
        guard let elementType = ElementType(rawValue: typeName) else {
            let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("has the unknown dtype \"\(typeName.printable)\"; known are \(known)")
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw failure("has data_offsets \(offsets.description.printable) that are not a begin and an end")
        }
        guard let count = shape.product(),
            case let (size, overflow) = count.multipliedReportingOverflow(
                by: elementType.byteCount), !overflow
        else {
            throw failure(
                "has the shape \(shape.description.printable), more elements than there are numbers for")
        }
        guard size == offsets[1] - offsets[0] else {
            throw failure(
                "takes \(offsets[1] - offsets[0]) bytes, but \(shape.description.printable) of \(typeName) are \(size) bytes"
            )
        }
        return Entry(name: name, elementType: elementType, shape: shape, range: offsets[0]..<offsets[1])
    }

    private func checkLayout(dataCount: Int) throws {
        var end = 0
        var previous: String?
        for entry in entries {
            guard entry.range.lowerBound == end else {
                let relation = entry.range.lowerBound > end ? "leaves a gap after" : "overlaps"
                let other = previous.map { "\"\($0.printable)\"" } ?? "the header"
                throw JSONScanner.Failure(
                    reason:
                        "the tensor \"\(entry.name.printable)\" at byte \(entry.range.lowerBound) \(relation) "
                        + "\(other), which ends at byte \(end)")
            }
            end = entry.range.upperBound
            previous = entry.name
        }
        guard end == dataCount else {
            throw JSONScanner.Failure(
                reason: "its tensors take \(end) bytes, but \(dataCount) bytes follow the header")
        }
    }
}
