import Files

/// A safetensors file whose tensors are read one by one, as they are needed, as the bytes that the file holds.
package final class SafetensorsStream: @unchecked Sendable {
    /// The file's name.
    package let path: String
    /// Free text by key.
    package let metadata: [String: String]
    // Never written after the initialiser, and reading is by position.
    private let file: FileBytes
    private let dataStart: Int
    private let entries: [String: SafetensorsHeader.Entry]

    /// Reads and checks the header.
    /// - Throws: `TensorFileError.unreadable`, or `.malformedSafetensors` with what is wrong.
    package init(path: String) throws {
        self.path = path
        file = try FileBytes(path: path)
        let (header, length) = try SafetensorsHeader.read(from: file)
        dataStart = 8 + length
        metadata = header.metadata
        entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    }

    /// Number of tensors.
    package var count: Int { entries.count }

    /// A tensor's type and shape; nil when there is none of that name.
    package func tensor(_ name: String) -> (elementType: ElementType, shape: [Int])? {
        entries[name].map { ($0.elementType, $0.shape) }
    }

    /// Reads a tensor's bytes.
    /// - Precondition: there is one of that name, and the buffer has its size.
    /// - Throws: `TensorFileError.unreadable`.
    package func read(_ name: String, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard let entry = entries[name] else { preconditionFailure("there is no tensor \(name)") }
        precondition(buffer.count == entry.range.count)
        try file.read(into: buffer, at: dataStart + entry.range.lowerBound)
    }
}

extension SafetensorsFile {
    /// A tensor of a file that is written piece by piece.
    package struct Announcement {
        package let name: String
        package let elementType: ElementType
        package let shape: [Int]
        package var byteCount: Int { shape.reduce(1, *) * elementType.byteCount }

        package init(name: String, elementType: ElementType, shape: [Int]) {
            self.name = name
            self.elementType = elementType
            self.shape = shape
        }
    }

    /// Writes a file atomically whose tensors do not all fit the memory.
    /// - Parameters:
    ///   - tensors: In the order in which they are written; the widest types first keep all of them aligned.
    ///   - body: Writes the tensors' bytes, one after the other.
    /// - Throws: `UnwritableFile`, or what `body` throws.
    package static func write(
        to path: String, metadata: [String: String], tensors: [Announcement],
        _ body: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        try AtomicFile.write(to: path) { file in
            let header = header(metadata: metadata, tensors: tensors)
            try header.withUnsafeBytes { try file.write($0) }
            var written = 0
            try body { bytes in
                written += bytes.count
                try file.write(bytes)
            }
            precondition(written == tensors.reduce(0) { $0 + $1.byteCount }, "not the announced bytes")
        }
    }

    /// A file's first bytes: the header's length, and the header.
    static func header(metadata: [String: String], tensors: [Announcement]) -> [UInt8] {
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map {
                "\($0.key.jsonLiteral):\($0.value.jsonLiteral)"
            }
            fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in tensors {
            let end = offset + tensor.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            fields.append(
                "\(tensor.name.jsonLiteral):{\"dtype\":\"\(tensor.elementType.rawValue)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Array("{\(fields.joined(separator: ","))}".utf8)
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    }
}
