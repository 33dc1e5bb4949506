/// SHA-256 (FIPS 180-4), in hexadecimal: names what a file was made with.
package enum SHA256 {
    /// The digest of some bytes.
    package static func hexadecimal(of bytes: some Sequence<UInt8>) -> String {
        var hash = State()
        for byte in bytes { hash.append(byte) }
        return hash.finished()
    }

    private struct State {
        private var words: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
            0x5be0_cd19,
        ]
        private var block = [UInt8](repeating: 0, count: 64)
        private var schedule = [UInt32](repeating: 0, count: 64)
        private var filled = 0
        private var count: UInt64 = 0

        @inline(__always)
        mutating func append(_ byte: UInt8) {
            block[filled] = byte
            filled += 1
            count += 1
            if filled == 64 {
                compress()
                filled = 0
            }
        }

        mutating func finished() -> String {
            let bits = count * 8
            append(0x80)
            while filled != 56 { append(0) }
            for shift in stride(from: 56, through: 0, by: -8) {
                append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
            }
            return words.map { word in
                let digits = String(word, radix: 16)
                return String(repeating: "0", count: 8 - digits.count) + digits
            }.joined()
        }

        private mutating func compress() {
            for i in 0..<16 {
                schedule[i] =
                    UInt32(block[4 * i]) << 24 | UInt32(block[4 * i + 1]) << 16
                    | UInt32(block[4 * i + 2]) << 8 | UInt32(block[4 * i + 3])
            }
            for i in 16..<64 {
                let a = schedule[i - 15], b = schedule[i - 2]
                let s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >> 3)
                let s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >> 10)
                schedule[i] = schedule[i - 16] &+ s0 &+ schedule[i - 7] &+ s1
            }
            var (a, b, c, d) = (words[0], words[1], words[2], words[3])
            var (e, f, g, h) = (words[4], words[5], words[6], words[7])
            for i in 0..<64 {
                let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
                let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ schedule[i]
                let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
                let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
                (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
            }
            for (i, value) in [a, b, c, d, e, f, g, h].enumerated() { words[i] &+= value }
        }

        @inline(__always)
        private func rotated(_ value: UInt32, _ bits: UInt32) -> UInt32 {
            value >> bits | value << (32 - bits)
        }
    }
}

/// The first 32 bits of the cube roots' fractions of the first 64 primes, from their definition.
private let constants: [UInt32] = {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < 64 {
        if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
        candidate += 1
    }
    return primes.map { prime in
        // The largest n whose cube is at most prime · 2⁹⁶, found bit by bit, less its whole part.
        var root: UInt64 = 0
        for bit in stride(from: 34, through: 0, by: -1) {
            let trial = root | 1 << UInt64(bit)
            let square = trial.multipliedFullWidth(by: trial)
            let low = square.low.multipliedFullWidth(by: trial)
            let (middle, carry) = (square.high &* trial).addingReportingOverflow(low.high)
            if !carry && middle < UInt64(prime) << 32 { root = trial }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}()
