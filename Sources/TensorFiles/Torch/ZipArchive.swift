import Files

/// A zip archive of stored entries, as `torch.save` writes it: every entry's bytes lie in the file as they are. Compressed
/// ones (`torch.jit.save` packs its code) are known by their names alone.
///
/// Nothing is extracted and nothing is decompressed, so an archive cannot be larger than its file.
struct ZipArchive<Source: ByteSource> {
    struct Entry {
        let name: String
        /// Bytes of the file.
        let range: Range<Int>
        /// Whether they are not the entry's own.
        let isCompressed: Bool
        /// CRC-32; 0 when the writer did not compute it (`torch.serialization.set_crc32_options(False)`).
        let checksum: UInt32
    }

    let source: Source
    /// In the order of the central directory.
    let entries: [Entry]
    private let indices: [String: Int]

    /// Reads the central directory and checks that every entry lies in the file, apart from the others.
    /// - Throws: `TensorFileError.malformedCheckpoint`, or `.unsupported` for encrypted entries.
    init(_ source: Source) throws {
        let records = try ZipDirectoryReader(source: source).records()
        var entries: [Entry] = []
        var indices: [String: Int] = [:]
        for record in records {
            guard indices.updateValue(entries.count, forKey: record.name) == nil else {
                throw TensorFileError.malformedCheckpoint(
                    file: source.name, reason: "its archive holds \"\(record.name.printable)\" twice")
            }
            entries.append(
                Entry(
                    name: record.name, range: record.dataStart..<record.dataStart + record.size,
                    isCompressed: record.method != 0, checksum: record.checksum))
        }
        self.source = source
        self.entries = entries
        self.indices = indices
    }

    /// The entry of a name, nil when there is none.
    subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

    /// A copy of an entry's bytes.
    /// - Precondition: it is not compressed.
    /// - Throws: `TensorFileError.malformedCheckpoint` when the checksum is wrong.
    func bytes(of entry: Entry) throws -> [UInt8] {
        try verify(entry)
        return try source.bytes(entry.range)
    }

    /// Compares an entry's bytes with its checksum.
    /// - Precondition: it is not compressed.
    /// - Throws: `TensorFileError.malformedCheckpoint` when they disagree.
    func verify(_ entry: Entry) throws {
        guard entry.checksum != 0 else { return }
        var checksum = CRC32()
        var start = entry.range.lowerBound
        while start < entry.range.upperBound {
            let end = min(start + 1 << 20, entry.range.upperBound)
            try source.bytes(start..<end).withUnsafeBytes { checksum.update($0) }
            start = end
        }
        guard checksum.value == entry.checksum else {
            throw TensorFileError.malformedCheckpoint(
                file: source.name,
                reason:
                    "the checksum of \"\(entry.name.printable)\" is wrong: the file was damaged, download it again"
            )
        }
    }
}
