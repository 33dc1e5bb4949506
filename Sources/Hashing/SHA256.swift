/// SHA-256 (FIPS 180-4) of bytes that arrive in parts: names what a file or a picture was made with.
package struct SHA256 {
    private var state: [UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
        0x5BE0_CD19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    /// The hash of nothing yet.
    package init() {}

    /// The hash of some bytes, 64 hexadecimal digits.
    package static func hexadecimal(of bytes: some Collection<UInt8>) -> String {
        var hash = SHA256()
        hash.add(bytes)
        return hash.digits
    }

    /// Adds bytes to what is hashed.
    package mutating func add(_ bytes: some Collection<UInt8>) {
        length += UInt64(bytes.count)
        pending += bytes
        let whole = pending.count / 64 * 64
        pending.withUnsafeBufferPointer { buffer in
            for start in stride(from: 0, to: whole, by: 64) {
                Self.mix(buffer[start..<start + 64], into: &state)
            }
        }
        pending.removeFirst(whole)
    }

    /// The hash of all bytes so far, 64 hexadecimal digits.
    package var digits: String {
        var last = pending + [0x80]
        while last.count % 64 != 56 { last.append(0) }
        last += (0..<8).map { UInt8(truncatingIfNeeded: (length * 8) >> (56 - 8 * $0)) }
        var state = state
        last.withUnsafeBufferPointer { buffer in
            for start in stride(from: 0, to: last.count, by: 64) {
                Self.mix(buffer[start..<start + 64], into: &state)
            }
        }
        return state.map(\.hexadecimal).joined()
    }

    private static let constants: [UInt32] = {
        // The first 32 bits of the cube roots' fractions of the first 64 primes.
        let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
        return primes.prefix(64).map { prime in
            // Exact in integers: the largest r with r³ ≤ prime · 2⁹⁶, of which the low 32 bits are wanted.
            let target = UInt128(prime) << 96
            var (low, high) = (UInt128(0), UInt128(1) << 36)
            while high - low > 1 {
                let middle = (low + high) / 2
                if middle * middle * middle <= target { low = middle } else { high = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }
    }()

    private static func mix(_ block: Slice<UnsafeBufferPointer<UInt8>>, into state: inout [UInt32]) {
        func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
        let start = block.startIndex
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
            for i in 0..<16 {
                words.initializeElement(
                    at: i, to: (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(block.base[start + 4 * i + $1]) })
            }
            for i in 16..<64 {
                let (x, y) = (words[i - 15], words[i - 2])
                let first = rotated(x, 7) ^ rotated(x, 18) ^ x >> 3
                let second = rotated(y, 17) ^ rotated(y, 19) ^ y >> 10
                words.initializeElement(at: i, to: words[i - 16] &+ first &+ words[i - 7] &+ second)
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            constants.withUnsafeBufferPointer { constants in
                for i in 0..<64 {
                    let choice = (e & f) ^ (~e & g)
                    let sum = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
                    let first = h &+ sum &+ choice &+ constants[i] &+ words[i]
                    let majority = (a & b) ^ (a & c) ^ (b & c)
                    let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
                    (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
                }
            }
            for (i, value) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= value }
        }
    }
}

extension UInt32 {
    /// Eight digits.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
