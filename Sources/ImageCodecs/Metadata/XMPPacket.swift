import Imaging

/// An XMP packet, of which only the few properties that speak of the file's contents are changed, wherever they stand:
/// as an attribute (`tiff:Orientation="6"`) or as an element (`<tiff:Orientation>6</tiff:Orientation>`). Prefixes are
/// those of the specification, which all known writers use.
struct XMPPacket {
    private var bytes: [UInt8]

    /// Nil if the bytes are not UTF-8 that looks like XML.
    init?(_ bytes: [UInt8]) {
        var bytes = bytes
        while bytes.last == 0 { bytes.removeLast() }
        guard !bytes.contains(0), bytes.contains(UInt8(ascii: "<")),
            String(validating: bytes, as: UTF8.self) != nil
        else { return nil }
        self.bytes = bytes
    }

    /// What is not, or no longer, where the packet says: thumbnails, the pointer to parts of the packet that JPEG files
    /// keep elsewhere, and what stands behind the picture in its file: gain maps (Ultra HDR) and films (motion photos).
    /// Google's prefix is `Camera`; cameras write `GCamera`, too.
    private static let removed: [String] =
        [
            "xmp:Thumbnails", "xap:Thumbnails", "xmpNote:HasExtendedXMP", "hdrgm:Version",
            "Container:Directory", "GContainer:Directory",
        ]
        + ["GCamera:", "Camera:"].flatMap { prefix in
            [
                "MotionPhoto", "MotionPhotoVersion", "MotionPhotoPresentationTimestampUs", "MicroVideo",
                "MicroVideoVersion", "MicroVideoOffset", "MicroVideoPresentationTimestampUs",
            ].map { prefix + $0 }
        }

    /// The packet for a picture of this extent, without what is lost.
    func corrected(width: Int, height: Int, orientation: Orientation) -> [UInt8] {
        var packet = self
        for (name, value) in [
            ("tiff:Orientation", Int(orientation.rawValue)),
            ("tiff:ImageWidth", width), ("tiff:ImageLength", height),
            ("exif:PixelXDimension", width), ("exif:PixelYDimension", height),
        ] { packet.replaceValues(of: name, with: Array(String(value).utf8)) }
        for name in Self.removed { packet.remove(name) }
        return packet.bytes
    }

    private mutating func replaceValues(of name: String, with value: [UInt8]) {
        rewrite(name) { ($0.value, value) }
    }

    private mutating func remove(_ name: String) { rewrite(name) { ($0.whole, []) } }

    /// Puts other bytes in the place of some of every occurrence of a property.
    private mutating func rewrite(_ name: String, _ change: (Property) -> (old: Range<Int>, new: [UInt8])) {
        var result: [UInt8] = []
        var start = 0
        while let property = next(name, from: start) {
            let (old, new) = change(property)
            result += bytes[start..<old.lowerBound] + new
            start = old.upperBound
        }
        bytes = result + bytes[start...]
    }

    private typealias Property = (whole: Range<Int>, value: Range<Int>)

    /// The next occurrence of a property as attribute or element with an end.
    private func next(_ name: String, from start: Int) -> Property? {
        let pattern = Array(name.utf8)
        var position = start
        // Where there is no end tag any more, no element is looked at: a hostile packet would take hours.
        var ends = true
        while let found = index(of: pattern, from: position) {
            position = found + pattern.count
            guard found > 0 else { continue }
            let before = bytes[found - 1]
            if before == UInt8(ascii: "<"), ends, let element = element(pattern, at: found, ends: &ends) {
                return element
            }
            if Self.isSpace(before), let attribute = attribute(nameAt: found, end: position) {
                return attribute
            }
        }
        return nil
    }

    /// `name = "value"`, with the space before it.
    private func attribute(nameAt start: Int, end: Int) -> Property? {
        var position = afterSpaces(end)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return nil }
        position = afterSpaces(position + 1)
        guard position < bytes.count,
            bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'"),
            let close = bytes[(position + 1)...].firstIndex(of: bytes[position])
        else { return nil }
        return (start - 1..<close + 1, position + 1..<close)
    }

    /// `<name …>value</name>`, whose tag begins one byte before `start`.
    /// - Parameter ends: Becomes false where no end tag follows.
    private func element(_ name: [UInt8], at start: Int, ends: inout Bool) -> Property? {
        let end = start + name.count
        // A tag holds no "<".
        guard end < bytes.count, bytes[end] == UInt8(ascii: ">") || Self.isSpace(bytes[end]),
            let open = bytes[end...].firstIndex(where: {
                [UInt8(ascii: ">"), UInt8(ascii: "<")].contains($0)
            }),
            bytes[open] == UInt8(ascii: ">"), bytes[open - 1] != UInt8(ascii: "/")
        else { return nil }
        guard let close = index(of: Array("</".utf8) + name + [UInt8(ascii: ">")], from: open) else {
            ends = false
            return nil
        }
        return (start - 1..<close + name.count + 3, open + 1..<close)
    }

    private func index(of pattern: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= pattern.count, start <= bytes.count - pattern.count else { return nil }
        return (start...bytes.count - pattern.count).first { position in
            bytes[position] == pattern[0] && bytes[position..<position + pattern.count].elementsEqual(pattern)
        }
    }

    private func afterSpaces(_ start: Int) -> Int {
        bytes[min(start, bytes.count)...].firstIndex { !Self.isSpace($0) } ?? bytes.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
}
