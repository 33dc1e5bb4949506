/// The random numbers of one training sample: a pure function of (seed, epoch, index), so that neither threads nor
/// resuming changes what a run sees.
///
/// SplitMix64, whose start is the three numbers mixed one after the other.
package struct SampleGenerator {
    private var state: UInt64

    /// - Parameter purpose: tells apart streams for different uses of the same three numbers.
    package init(seed: UInt64, epoch: Int, index: Int, purpose: UInt64 = 0) {
        state = purpose
        for number in [seed, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index))] {
            state = Self.mixed(state &+ 0x9E37_79B9_7F4A_7C15) ^ Self.mixed(number)
        }
    }

    /// SplitMix64 as published, from its state.
    package init(state: UInt64) { self.state = state }

    /// 64 random bits.
    @inline(__always)
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number of [0, 1), a multiple of 2⁻⁵³.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number of 0..<bound, each equally probable (Lemire's multiplication with rejection).
    ///
    /// - Precondition: `bound` is positive.
    @inline(__always)
    package mutating func index(below bound: Int) -> Int {
        precondition(bound > 0)
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// True in half of the cases.
    package mutating func coin() -> Bool { next() >> 63 == 1 }

    @inline(__always)
    private static func mixed(_ number: UInt64) -> UInt64 {
        var z = number
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
