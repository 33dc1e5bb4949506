import Files

extension TorchCheckpoint {
    /// Writes a value as `torch.save` would, so that `torch.load(path, weights_only=True)` reads it.
    ///
    /// The file appears under its name only when it is complete. The same value gives the same bytes, whatever the
    /// name: the archive's folder is called `archive`.
    /// - Throws: `UnwritableFile`.
    package static func write(_ value: PickleValue, to path: String) throws {
        let pickler = Pickler(value)
        let size = pickler.tensors.reduce(pickler.bytes.count) { $0 + $1.byteCount + entryOverhead }
        guard size < ZipWriter.maximumSize - entryOverhead * 4 else {
            throw UnwritableFile(
                path: path,
                reason: "a PyTorch checkpoint holds at most 4 GiB here, and these are \(size) bytes; "
                    + "a .safetensors file has no such limit")
        }
        try AtomicFile.write(to: path) { file in try archive(pickler) { try file.write($0) } }
    }

    /// The bytes that `write(_:to:)` writes.
    package static func serialized(_ value: PickleValue) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try archive(Pickler(value)) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// The pickle in those bytes.
    package static func pickle(of value: PickleValue) -> [UInt8] { Pickler(value).bytes }

    /// More than an entry's headers, name and padding.
    private static let entryOverhead = 256

    private static func archive(
        _ pickler: Pickler, _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try withoutActuallyEscaping(write) { write in
            var zip = ZipWriter(write)
            try zip.add("archive/data.pkl", pickler.bytes)
            try zip.add("archive/byteorder", Array("little".utf8))
            for (key, tensor) in pickler.tensors.enumerated() {
                try tensor.withBytes { try zip.add("archive/data/\(key)", $0) }
            }
            try zip.add("archive/version", Array("3\n".utf8))
            try zip.finish()
        }
    }
}
