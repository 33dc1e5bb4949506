public import Imaging

extension Exif {
    /// Changes the orientation where the block has one, or adds it.
    public mutating func set(_ orientation: Orientation) {
        if let entry = entry(.orientation, in: imageDirectory) {
            overwrite(entry, type: 3, value: Int(orientation.rawValue))
        } else if orientation != .up {
            addEntry(.orientation, type: 3, count: 1, value: Int(orientation.rawValue))
        }
    }

    /// Corrects the picture's extent wherever the block tells it.
    public mutating func setExtent(width: Int, height: Int) {
        let places: [(Int?, TIFFTag, TIFFTag)] = [
            (imageDirectory, .imageWidth, .imageLength),
            (cameraDirectory, .pixelXDimension, .pixelYDimension),
        ]
        for case (let directory?, let across, let down) in places {
            for (tag, value) in [(across, width), (down, height)] {
                guard let entry = entry(tag, in: directory) else { continue }
                overwrite(entry, type: 4, value: value)
            }
        }
    }

    /// Corrects the resolution where the block tells it.
    /// - Parameter addsMissing: Tells it in any case.
    mutating func set(_ density: PixelDensity, addsMissing: Bool = false) {
        for (tag, value) in [(TIFFTag.xResolution, density.horizontal), (.yResolution, density.vertical)] {
            let numerator = Int((min(value, 400_000) * 10_000).rounded())
            if let entry = entry(tag, in: imageDirectory) {
                guard entry.type == 5, entry.count == 1, let place = integer(at: entry.position + 8, size: 4),
                    place >= 8
                else { continue }
                set(numerator, at: place, size: 4)
                set(10_000, at: place + 4, size: 4)
            } else if addsMissing {
                let place = append([UInt8](repeating: 0, count: 8))
                set(numerator, at: place, size: 4)
                set(10_000, at: place + 4, size: 4)
                addEntry(tag, type: 5, count: 1, value: place)
            }
        }
        if let unit = entry(.resolutionUnit, in: imageDirectory) {
            overwrite(unit, type: 3, value: 2)
        } else if addsMissing {
            addEntry(.resolutionUnit, type: 3, count: 1, value: 2)
        }
    }

    /// Drops the small copy of the picture, which no longer shows what the file does: the directory behind the
    /// picture's own, and a JPEG file that it points to.
    public mutating func removeThumbnail() {
        guard let count = entryCount(of: imageDirectory) else { return }
        let link = imageDirectory + 2 + 12 * count
        guard let second = integer(at: link, size: 4), second != 0 else { return }
        set(0, at: link, size: 4)
        guard let offset = value(of: .thumbnailOffset, in: second),
            let length = value(of: .thumbnailLength, in: second),
            offset >= 8, offset <= bytes.count - 2, bytes[offset...].starts(with: [0xFF, 0xD8])
        else { return }
        let end = min(offset + length, bytes.count)
        guard end > offset else { return }
        if end == bytes.count {
            bytes.removeSubrange(offset...)
        } else {
            for position in offset..<end { bytes[position] = 0 }
        }
    }

    /// Says which program made the picture, in ASCII; other characters become question marks.
    /// - Parameter text: At least four letters; a shorter one is not written.
    public mutating func setSoftware(_ text: String) {
        let value = Array(text.utf8.map { $0 < 0x80 && $0 != 0 ? $0 : UInt8(ascii: "?") }) + [0]
        guard value.count > 4 else { return }
        let place = append(value)
        if let entry = entry(.software, in: imageDirectory) {
            set(2, at: entry.position + 2, size: 2)
            set(value.count, at: entry.position + 4, size: 4)
            set(place, at: entry.position + 8, size: 4)
        } else {
            addEntry(.software, type: 2, count: value.count, value: place)
        }
    }

    private mutating func overwrite(_ entry: Entry, type: Int, value: Int) {
        set(type, at: entry.position + 2, size: 2)
        set(1, at: entry.position + 4, size: 4)
        set(0, at: entry.position + 8, size: 4)
        set(value, at: entry.position + 8, size: type == 3 ? 2 : 4)
    }

    /// Copies the picture's directory with one more entry to the block's end. What the entries point to stays.
    private mutating func addEntry(_ tag: TIFFTag, type: Int, count: Int, value: Int) {
        let old = imageDirectory
        guard let entryCount = entryCount(of: old), entryCount < 0xFFFF else { return }
        let following = integer(at: old + 2 + 12 * entryCount, size: 4) ?? 0
        let existing = entries(of: old)
        let index = existing.firstIndex { $0.tag > tag.rawValue } ?? existing.count
        let body = Array(bytes[old + 2..<old + 2 + 12 * entryCount])
        let entry = [UInt8](repeating: 0, count: 12)
        let moved =
            append([0, 0] + body[..<(12 * index)] + entry + body[(12 * index)...] + [0, 0, 0, 0])
        set(entryCount + 1, at: moved, size: 2)
        let position = moved + 2 + 12 * index
        set(tag.rawValue, at: position, size: 2)
        set(type, at: position + 2, size: 2)
        set(count, at: position + 4, size: 4)
        set(value, at: position + 8, size: type == 3 ? 2 : 4)
        set(following, at: moved + 2 + 12 * (entryCount + 1), size: 4)
        set(moved, at: 4, size: 4)
    }

    /// Puts bytes at the block's end, at an even place, which is returned.
    private mutating func append(_ new: [UInt8]) -> Int {
        if bytes.count % 2 == 1 { bytes.append(0) }
        defer { bytes += new }
        return bytes.count
    }
}
