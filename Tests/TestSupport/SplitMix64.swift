/// Steele, Lea and Flood's SplitMix64: a seed gives the same numbers on every platform.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// The output function: a bijection of 64 bits.
    package static func mix(_ state: UInt64) -> UInt64 {
        var z = state
        z ^= z >> 30
        z &*= 0xBF58_476D_1CE4_E5B9
        z ^= z >> 27
        z &*= 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A uniform number from a range, on a grid of 2²⁴ steps.
    package mutating func uniform(_ range: ClosedRange<Float> = -1...1) -> Float {
        let u = Float(next() >> 40) * 0x1p-24
        return range.lowerBound + u * (range.upperBound - range.lowerBound)
    }

    /// Uniform numbers from a range.
    package mutating func uniforms(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in uniform(range) }
    }
}
