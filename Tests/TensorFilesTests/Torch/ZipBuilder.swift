/// Zip archives for tests, sound or broken in one chosen way.
struct ZipBuilder {
    struct Entry {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// 0 says that no checksum was computed.
        var checksum: UInt32 = 0
        /// Size that the directory claims; the true one when nil.
        var claimedSize: UInt32?
        /// Place that the directory claims; the true one when nil.
        var claimedStart: UInt32?
        /// Puts sizes and place into a zip64 extra field, behind another field.
        var isZip64 = false
        /// Name in the local header; the same when nil.
        var localName: String?
    }

    var entries: [Entry]
    var comment: [UInt8] = []

    /// An archive as `torch.save` fills it.
    static func checkpoint(pickle: [UInt8], storages: [String: [UInt8]] = [:]) -> ZipBuilder {
        var entries = [
            Entry(name: "m/data.pkl", data: pickle), Entry(name: "m/byteorder", data: Array("little".utf8)),
        ]
        for (key, data) in storages.sorted(by: { $0.key < $1.key }) {
            entries.append(Entry(name: "m/data/\(key)", data: data))
        }
        return ZipBuilder(entries: entries)
    }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let start = UInt32(out.count)
            let localName = Array((entry.localName ?? entry.name).utf8)
            let name = Array(entry.name.utf8)
            let size = entry.claimedSize ?? UInt32(entry.data.count)
            out +=
                number(UInt32(0x0403_4B50)) + number(UInt16(20)) + number(entry.flags) + number(entry.method)
            out += number(UInt32(0)) + number(entry.checksum) + number(size) + number(size)
            out += number(UInt16(localName.count)) + number(UInt16(0)) + localName + entry.data
            directory += number(UInt32(0x0201_4B50)) + number(UInt16(20)) + number(UInt16(20))
            directory +=
                number(entry.flags) + number(entry.method) + number(UInt32(0)) + number(entry.checksum)
            let place = entry.claimedStart ?? start
            let saturated = UInt32.max
            let wide = number(UInt64(size)) + number(UInt64(size)) + number(UInt64(place))
            let other = number(UInt16(0xCAFE)) + number(UInt16(1)) + [0]
            let extra = entry.isZip64 ? other + number(UInt16(1)) + number(UInt16(24)) + wide : []
            directory += entry.isZip64 ? number(saturated) + number(saturated) : number(size) + number(size)
            directory += number(UInt16(name.count)) + number(UInt16(extra.count))
            directory += [UInt8](repeating: 0, count: 10) + number(entry.isZip64 ? saturated : place)
            directory += name + extra
        }
        let end =
            number(UInt32(0x0605_4B50)) + number(UInt32(0)) + number(UInt16(entries.count))
            + number(UInt16(entries.count)) + number(UInt32(directory.count)) + number(UInt32(out.count))
            + number(UInt16(comment.count)) + comment
        return out + directory + end
    }
}

/// Little-endian bytes.
func number(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
