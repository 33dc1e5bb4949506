import Tensors

/// The random numbers of one training sample: a pure function of (seed, epoch, index), so that neither threads nor
/// resuming changes what a run sees.
///
/// SplitMix64, whose start is the three numbers mixed one after the other.
package struct SampleGenerator {
    private var random: SplitMix64

    /// - Parameter purpose: tells apart streams for different uses of the same three numbers.
    package init(seed: UInt64, epoch: Int, index: Int, purpose: UInt64 = 0) {
        var state = purpose
        for number in [seed, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(index))] {
            state = SplitMix64.mixed(state &+ SplitMix64.step) ^ SplitMix64.mixed(number)
        }
        random = SplitMix64(seed: state)
    }

    /// SplitMix64 as published, from its state.
    package init(state: UInt64) { random = SplitMix64(seed: state) }

    /// 64 random bits.
    package mutating func next() -> UInt64 { random.next() }

    /// A number of [0, 1), a multiple of 2⁻⁵³.
    package mutating func uniform() -> Double { random.unitDouble() }

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
}
