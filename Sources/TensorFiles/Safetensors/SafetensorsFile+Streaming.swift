import Files

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
