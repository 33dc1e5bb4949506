/// Little-endian classic TIFF files from a list of entries with one value each: enough to forge headers.
package enum TIFFBuilder {
    /// 8×8 pixels of grey without compression, one strip.
    package static let valid: [Int: UInt32] = [
        256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 8, 279: 64,
    ]

    /// The file of `valid` with other values; nil takes an entry away.
    package static func file(_ changes: [Int: UInt32?] = [:], pixels: Int = 64) -> [UInt8] {
        let entries = valid.merging(changes.compactMapValues { $0 }) { $1 }
            .filter { changes[$0.key] != .some(nil) }.sorted { $0.key < $1.key }
        func bytes(_ value: UInt32, _ size: Int) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return Array("II*\0".utf8) + bytes(UInt32(8 + pixels), 4) + [UInt8](repeating: 7, count: pixels)
            + bytes(UInt32(entries.count), 2)
            + entries.flatMap { bytes(UInt32($0.key), 2) + [4, 0] + bytes(1, 4) + bytes($0.value, 4) } + [
                0, 0, 0, 0,
            ]
    }
}
