/// The checksum of zip archives: the polynomial 0x04C11DB7, bits reflected.
struct CRC32 {
    /// Eight tables, so that eight bytes take one step.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for i in 0..<256 {
            tables[i] = (0..<8).reduce(UInt32(i)) { value, _ in value >> 1 ^ (value & 1) * 0xEDB8_8320 }
        }
        for i in 256..<tables.count {
            let previous = tables[i - 256]
            tables[i] = previous >> 8 ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    private var state: UInt32 = .max

    /// The checksum of all bytes so far.
    var value: UInt32 { ~state }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        Self.tables.withUnsafeBufferPointer { tables in
            var state = state
            var i = 0
            while i + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
                let mixed = word ^ UInt64(state)
                state = 0
                for k in 0..<8 {
                    state ^= tables[(7 - k) * 256 + Int(mixed >> (8 * UInt64(k)) & 0xFF)]
                }
                i += 8
            }
            while i < bytes.count {
                state = state >> 8 ^ tables[Int((state ^ UInt32(bytes[i])) & 0xFF)]
                i += 1
            }
            self.state = state
        }
    }
}
