/// Little-endian classic TIFF files from a list of entries, mostly with one value each: enough to forge headers.
package enum TIFFBuilder {
    /// 8×8 pixels of grey without compression, one strip.
    package static let valid: [Int: UInt32] = [
        256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 8, 279: 64,
    ]

    /// The file of `valid` with other values; nil takes an entry away.
    /// - Parameters:
    ///   - pixels: Bytes between header and directory, from byte 8 on.
    ///   - shorts: How many 16-bit numbers an entry has at the place that is its value.
    package static func file(
        _ changes: [Int: UInt32?] = [:], pixels: [UInt8] = [UInt8](repeating: 7, count: 64),
        shorts: [Int: UInt32] = [:]
    ) -> [UInt8] {
        let entries = valid.merging(changes.compactMapValues { $0 }) { $1 }
            .filter { changes[$0.key] != .some(nil) }.sorted { $0.key < $1.key }
        func entry(_ tag: Int, _ value: UInt32) -> [UInt8] {
            let count = shorts[tag]
            return bytes(UInt32(tag), 2) + [count == nil ? 4 : 3, 0] + bytes(count ?? 1, 4) + bytes(value, 4)
        }
        return Array("II*\0".utf8) + bytes(UInt32(8 + pixels.count), 4) + pixels
            + bytes(UInt32(entries.count), 2) + entries.flatMap { entry($0.key, $0.value) } + [0, 0, 0, 0]
    }

    /// The file with a second directory: that of a picture as in `valid`, over the same pixels.
    package static func followed(_ file: [UInt8]) -> [UInt8] {
        file.dropLast(4) + bytes(UInt32(file.count), 4) + Self.file(pixels: [])[8...]
    }

    private static func bytes(_ value: UInt32, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
