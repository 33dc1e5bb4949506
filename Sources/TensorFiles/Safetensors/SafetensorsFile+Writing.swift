import Files

extension SafetensorsFile {
    /// Writes the file atomically: under its name appears all of it, or nothing.
    ///
    /// The same contents give the same bytes. Wider element types come first, so that every tensor is
    /// aligned; otherwise the order of `names` is kept.
    /// - Throws: `UnwritableFile`.
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
        let header = Self.header(
            metadata: metadata,
            tensors: ordered.map {
                Announcement(name: $0.name, elementType: $0.tensor.elementType, shape: $0.tensor.shape)
            })
        try header.withUnsafeBytes(write)
        for entry in ordered { try entry.tensor.withBytes(write) }
    }
}
