/// Damaged files made from the fixtures, the same in every run.
package struct Mutator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// Overwrites, inserts, removes, or repeats a few bytes.
    package mutating func mutated(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...next(below: 6) {
            let position = next(below: bytes.count)
            switch next(below: 5) {
            case 0: bytes[position] ^= 1 << UInt8(next(below: 8))
            case 1: bytes[position] = [0x00, 0xFF, 0x7F, 0x80, UInt8(next(below: 256))][next(below: 5)]
            case 2: bytes.insert(UInt8(next(below: 256)), at: position)
            case 3: bytes.removeSubrange(position..<min(position + 1 + next(below: 8), bytes.count - 1))
            default: bytes.insert(contentsOf: bytes[position..<min(position + 40, bytes.count)], at: position)
            }
        }
        return bytes
    }
}
