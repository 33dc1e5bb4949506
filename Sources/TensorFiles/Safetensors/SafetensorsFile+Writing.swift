extension SafetensorsFile {
    /// Writes the file atomically: under its name appears all of it, or nothing.
    ///
    /// The same contents give the same bytes. Wider element types come first, so that every tensor is
    /// aligned; otherwise the order of `names` is kept.
    /// - Throws: `TensorFileError.unwritable`.
    package func write(to path: String) throws {
        try AtomicFile.write(to: path) { file in try serialize { try file.write($0) } }
    }

    /// The bytes that `write(to:)` writes.
    package func serialized() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try serialize { bytes.append(contentsOf: $0) }
        return bytes
    }

    private func serialize(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        let ordered = names.enumerated().compactMap { index, name in
            self[stored: name].map { (index: index, name: name, tensor: $0) }
        }.sorted {
            (-$0.tensor.elementType.byteCount, $0.index) < (-$1.tensor.elementType.byteCount, $1.index)
        }
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map {
                "\($0.key.jsonLiteral):\($0.value.jsonLiteral)"
            }
            fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for (_, name, tensor) in ordered {
            let end = offset + tensor.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            fields.append(
                "\(name.jsonLiteral):{\"dtype\":\"\(tensor.elementType.rawValue)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Array("{\(fields.joined(separator: ","))}".utf8)
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        try withUnsafeBytes(of: UInt64(header.count).littleEndian, write)
        try header.withUnsafeBytes(write)
        for entry in ordered { try entry.tensor.withBytes(write) }
    }
}
