#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// An entry of a directory with its value, in the structure's byte order.
package struct TIFFEntry: Equatable {
    package var tag: Int
    var type: Int
    var count: Int
    package var value: [UInt8]

    /// Bytes of one value of each type; 0 for types that are not known, and for those of BigTIFF alone.
    static let sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]
}

/// Reads directories of a TIFF structure: a classic or BigTIFF file, or a block of EXIF. Whatever leaves the structure
/// or is unreasonably large is passed over.
package struct TIFFStructure {
    let isBigEndian: Bool
    private let isBig: Bool
    private let read: (_ position: Int, _ count: Int) -> [UInt8]?

    /// A value of more bytes is no text or number, but a picture.
    private static let valueLimit = 1 << 22
    /// A directory's values together.
    private static let directoryLimit = 1 << 24
    /// Of a chain of directories no more are looked at.
    private static let chainLimit = 32

    /// - Parameter read: Gives that many bytes, or nil beyond the structure's end.
    init?(read: @escaping (_ position: Int, _ count: Int) -> [UInt8]?) {
        guard let header = read(0, 4) else { return nil }
        switch header {
        case [0x49, 0x49, 42, 0], [0x49, 0x49, 43, 0]: isBigEndian = false
        case [0x4D, 0x4D, 0, 42], [0x4D, 0x4D, 0, 43]: isBigEndian = true
        default: return nil
        }
        isBig = header.contains(43)
        self.read = read
    }

    /// A block in memory.
    package init?(_ bytes: [UInt8]) {
        self.init { position, count in
            position >= 0 && count >= 0 && position <= bytes.count - count
                ? Array(bytes[position..<position + count]) : nil
        }
    }

    /// The file behind a descriptor, whose own position stays.
    init?(descriptor: Int32) {
        self.init { position, count in
            var bytes = [UInt8](repeating: 0, count: count)
            return position >= 0 && pread(descriptor, &bytes, count, off_t(position)) == count ? bytes : nil
        }
    }

    /// The first directory.
    package var imageDirectory: [TIFFEntry] { entries(at: firstDirectory) }

    /// Whether a picture of its own follows the first one, a further page for instance: neither a reduced copy nor a
    /// mask.
    package var holdsMorePictures: Bool {
        var seen: Set = [firstDirectory]
        var next = table(at: firstDirectory)?.next ?? 0
        while seen.count < Self.chainLimit, seen.insert(next).inserted,
            let directory = table(at: next)
        {
            if isWholePicture(directory.entries) { return true }
            next = directory.next
        }
        return false
    }

    /// Whether a directory is a picture's, and all that it says of its kind is that it is one of several pages.
    private func isWholePicture(_ entries: [ArraySlice<UInt8>]) -> Bool {
        func value(_ tag: TIFFTag) -> Int? {
            var budget = 8
            return entries.first { number($0.prefix(2)) == tag.rawValue }
                .flatMap { entry($0, budget: &budget) }.map { number($0.value[...]) }
        }
        let (page, reducedInOldFiles) = (2, 2)
        return value(.imageWidth) != nil && value(.imageLength) != nil
            && (value(.newSubfileType) ?? 0) & ~page == 0 && value(.subfileType) != reducedInOldFiles
    }

    private var firstDirectory: Int { number(at: isBig ? 8 : 4, size: isBig ? 8 : 4) ?? 0 }

    /// The directory that an entry points to.
    func directory(_ tag: TIFFTag, of entries: [TIFFEntry]) -> [TIFFEntry] {
        guard let entry = entries.first(where: { $0.tag == tag.rawValue }), entry.count == 1 else {
            return []
        }
        return self.entries(at: number(entry.value[...]))
    }

    private func entries(at position: Int) -> [TIFFEntry] {
        var budget = Self.directoryLimit
        return (table(at: position)?.entries ?? []).compactMap { entry($0, budget: &budget) }
    }

    /// A directory's entries as they are stored, and the place of the directory that follows; 0 where none does.
    private func table(at position: Int) -> (entries: [ArraySlice<UInt8>], next: Int)? {
        let (countSize, entrySize) = isBig ? (8, 20) : (2, 12)
        guard position > 0, let count = number(at: position, size: countSize), count <= 4096,
            let table = read(position + countSize, count * entrySize)
        else { return nil }
        return (
            (0..<count).map { table[($0 * entrySize)..<(($0 + 1) * entrySize)] },
            number(at: position + countSize + table.count, size: isBig ? 8 : 4) ?? 0
        )
    }

    /// - Parameter budget: Bytes that the directory's values may still take. Without it, entries that all point to the same
    ///   bytes would take thousands of times the file's length.
    private func entry(_ bytes: ArraySlice<UInt8>, budget: inout Int) -> TIFFEntry? {
        let start = bytes.startIndex
        let field = isBig ? 8 : 4
        let type = number(bytes[start + 2..<start + 4])
        let count = number(bytes[start + 4..<start + 4 + field])
        // BigTIFF's own types of 8 bytes are not EXIF's.
        let size =
            type == 16 || type == 18 ? 8 : TIFFEntry.sizes.indices.contains(type) ? TIFFEntry.sizes[type] : 0
        guard size > 0, count > 0, count <= min(Self.valueLimit, budget) / size else { return nil }
        budget -= count * size
        let inline = bytes[(start + 4 + field)...]
        guard
            let value = count * size <= field
                ? Array(inline.prefix(count * size)) : read(number(inline), count * size)
        else { return nil }
        return TIFFEntry(tag: number(bytes[start..<start + 2]), type: type, count: count, value: value)
    }

    private func number(at position: Int, size: Int) -> Int? { read(position, size).map { number($0[...]) } }

    /// Unsigned; the largest number where it does not fit.
    private func number(_ bytes: ArraySlice<UInt8>) -> Int {
        let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
        return Int(clamping: ordered.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
