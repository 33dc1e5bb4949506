import Files

/// A checkpoint that `torch.save` wrote, read without PyTorch and without running anything that is in it.
package enum TorchCheckpoint {
    /// A pickle of this size would describe hundreds of thousands of tensors.
    static let maximumPickleSize = 64 << 20

    /// Reads a `.pth` with all its tensors: the zip archive of PyTorch 1.6 and later, or the format before.
    /// - Returns: What was saved: of LIIF's releases, a dictionary with `model`, `optimizer` and `epoch`.
    /// - Throws: `TensorFileError`; `.forbiddenGlobal` names the class or function that the file asks for.
    package static func read(_ path: String) throws -> PickleValue {
        try read(FileBytes(path: path))
    }

    /// Reads a checkpoint that lies in memory.
    /// - Parameter name: What error messages call it.
    /// - Throws: `TensorFileError`, as `read(_:)`.
    package static func read(bytes: UnsafeRawBufferPointer, named name: String) throws -> PickleValue {
        try read(MemoryBytes(name: name, memory: bytes))
    }

    private static func read(_ source: some ByteSource) throws -> PickleValue {
        let start = try TensorFileFormat.firstBytes(of: source)
        let what: String
        switch TensorFileFormat(firstBytes: start) {
        case .torchCheckpoint:
            if start.starts(with: TensorFileFormat.zipMagic) { return try readArchive(ZipArchive(source)) }
            if let length = legacyMagicLength(start) { return try readLegacy(source, from: length) }
            what = "a bare pickle"
        case .safetensors: what = "a file that looks like safetensors"
        case .onnx, nil: what = TensorFileFormat.description(of: start)
        }
        throw TensorFileError.unsupported(
            file: source.name, what: what, remedy: "a checkpoint is what torch.save(…, \"name.pth\") writes")
    }

    private static func readArchive(_ archive: ZipArchive<some ByteSource>) throws -> PickleValue {
        let file = archive.source.name
        let pickles = archive.entries.filter { entry in
            let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts[1] == "data.pkl"
        }
        guard pickles.count == 1, let pickle = pickles.first else {
            throw TensorFileError.unsupported(
                file: file, what: "a zip archive with \(pickles.count) entries \"…/data.pkl\"",
                remedy: "a checkpoint has one; it is what torch.save(…, \"name.pth\") writes")
        }
        let prefix = pickle.name.dropLast("data.pkl".count)
        guard archive["\(prefix)constants.pkl"] == nil,
            !archive.entries.contains(where: { $0.name.hasPrefix("\(prefix)code/") })
        else {
            throw TensorFileError.unsupported(
                file: file, what: "a TorchScript program (torch.jit.save)",
                remedy: "save the model's state instead: torch.save(model.state_dict(), \"name.pth\")")
        }
        if let packed = archive.entries.first(where: \.isCompressed) {
            throw TensorFileError.notStored(file: file, name: packed.name, how: "compressed")
        }
        if let entry = archive["\(prefix)byteorder"], entry.range.count < 100 {
            let order = String(decoding: try archive.bytes(of: entry), as: UTF8.self)
            guard order == "little" else {
                throw TensorFileError.unsupported(
                    file: file, what: "a checkpoint with the byte order \"\(order.printable)\"",
                    remedy: "load and save it again on a little-endian machine")
            }
        }
        guard pickle.range.count <= maximumPickleSize else {
            throw TensorFileError.malformedCheckpoint(
                file: file,
                reason: "its pickle has \(pickle.range.count) bytes; at most \(maximumPickleSize) are read")
        }
        var machine = Unpickler(try archive.bytes(of: pickle), file: file)
        let root = try machine.run()
        guard machine.position == machine.bytes.count else {
            throw machine.failure("bytes follow the end")
        }
        var verified: Set<String> = []
        var builder = PickleTreeBuilder(nodes: machine.nodes, source: archive.source) { storage in
            let name = "\(prefix)data/\(storage.key)"
            guard let entry = archive[name] else {
                throw TensorFileError.malformedCheckpoint(
                    file: file,
                    reason: "a tensor needs \"\(name.printable)\", which the archive does not hold")
            }
            let (size, overflow) = storage.count.multipliedReportingOverflow(
                by: storage.elementType.byteCount)
            guard !overflow, size == entry.range.count else {
                throw TensorFileError.malformedCheckpoint(
                    file: file,
                    reason:
                        "\"\(name.printable)\" has \(entry.range.count) bytes, but should hold \(storage.count) elements "
                        + "of \(storage.elementType.byteCount) bytes")
            }
            if verified.insert(name).inserted { try archive.verify(entry) }
            return entry.range.lowerBound
        }
        return try builder.value(root)
    }
}
