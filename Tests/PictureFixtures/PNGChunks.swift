/// Enough of PNG's structure to forge headers and to repair checksums.
package enum PNGChunks {
    package static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    package static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    package static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    package static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(kind.utf8) + body
        return bigEndian(UInt32(body.count)) + named + bigEndian(crc32(named))
    }

    /// A file whose header announces 8-bit RGB of this size, with an empty data chunk.
    package static func header(width: UInt32, height: UInt32) -> [UInt8] {
        signature + chunk("IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0])
            + chunk("IDAT", [])
    }

    /// The position of the first byte of the first chunk of a kind: of its length field.
    package static func position(of kind: String, in file: [UInt8]) -> Int? {
        chunks(of: file).first { Array(file[$0 + 4..<$0 + 8]) == Array(kind.utf8) }
    }

    /// The contents of all chunks of a kind, one after another.
    package static func bodies(of kind: String, in file: [UInt8]) -> [UInt8] {
        chunks(of: file).filter { Array(file[$0 + 4..<$0 + 8]) == Array(kind.utf8) }.flatMap {
            file[($0 + 8)..<($0 + 8 + length(at: $0, in: file))]
        }
    }

    /// Recomputes the checksum of every whole chunk.
    package static func repaired(_ file: [UInt8]) -> [UInt8] {
        var file = file
        for start in chunks(of: file) {
            let end = start + 8 + length(at: start, in: file)
            file.replaceSubrange(end..<end + 4, with: bigEndian(crc32(file[start + 4..<end])))
        }
        return file
    }

    private static func length(at start: Int, in file: [UInt8]) -> Int {
        file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func chunks(of file: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var start = signature.count
        while start + 12 <= file.count, start + 12 + length(at: start, in: file) <= file.count {
            starts.append(start)
            start += 12 + length(at: start, in: file)
        }
        return starts
    }
}
