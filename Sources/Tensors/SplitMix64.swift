/// A small seeded generator (Steele, Lea & Flood 2014): the same numbers on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
    private var state: UInt64

    /// Any seed will do; equal seeds give equal sequences.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mixed(state)
    }

    /// What the state grows by: 2⁶⁴ divided by the golden ratio.
    package static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The output function, a bijection of 64 bits.
    package static func mixed(_ state: UInt64) -> UInt64 {
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Uniform in 0..<1, a multiple of 2⁻²⁴.
    public mutating func unitFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Uniform in 0..<1, a multiple of 2⁻⁵³.
    public mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }
}
