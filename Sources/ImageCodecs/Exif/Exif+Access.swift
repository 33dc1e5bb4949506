extension Exif {
    /// One entry of a directory: 12 bytes of tag, type, count, and value or the value's place.
    struct Entry {
        let position: Int
        let tag: Int
        let type: Int
        let count: Int
    }

    /// An unsigned number of 2 or 4 bytes, or nil beyond the block.
    func integer(at position: Int, size: Int) -> Int? {
        guard position >= 0, position <= bytes.count - size else { return nil }
        return bytes[position..<position + size].enumerated().reduce(0) { sum, byte in
            sum | Int(byte.element) << (8 * (isBigEndian ? size - 1 - byte.offset : byte.offset))
        }
    }

    /// Overwrites a number of 2 or 4 bytes; nothing happens beyond the block.
    mutating func set(_ value: Int, at position: Int, size: Int) {
        guard position >= 0, position <= bytes.count - size else { return }
        for offset in 0..<size {
            let shift = 8 * (isBigEndian ? size - 1 - offset : offset)
            bytes[position + offset] = UInt8(truncatingIfNeeded: value >> shift)
        }
    }

    /// The number of entries, or nil if the directory does not lie in the block.
    func entryCount(of directory: Int) -> Int? {
        guard let count = integer(at: directory, size: 2), directory + 2 + 12 * count <= bytes.count else {
            return nil
        }
        return count
    }

    /// All entries; none if the directory does not lie in the block.
    func entries(of directory: Int) -> [Entry] {
        (0..<(entryCount(of: directory) ?? 0)).compactMap { index in
            let position = directory + 2 + 12 * index
            guard let tag = integer(at: position, size: 2), let type = integer(at: position + 2, size: 2),
                let count = integer(at: position + 4, size: 4)
            else { return nil }
            return Entry(position: position, tag: tag, type: type, count: count)
        }
    }

    /// The first entry of a tag.
    func entry(_ tag: TIFFTag, in directory: Int) -> Entry? {
        entries(of: directory).first { $0.tag == tag.rawValue }
    }

    /// The only value of an entry of type SHORT, LONG or IFD.
    func value(of tag: TIFFTag, in directory: Int) -> Int? {
        guard let entry = entry(tag, in: directory), entry.count == 1 else { return nil }
        switch entry.type {
        case 3: return integer(at: entry.position + 8, size: 2)
        case 4, 13: return integer(at: entry.position + 8, size: 4)
        default: return nil
        }
    }
}
