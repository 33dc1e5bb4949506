/// Bicubic weights for one axis as Pillow computes them: per output position a run of input positions
/// and their weights in fixed point with 22 fractional bits.
///
/// When the axis shrinks, the kernel is stretched by the scale (antialiasing). At borders it is cut off
/// and renormalised.
struct FixedPointFilter {
    /// Fractional bits of a weight: 32 less 8 for the sample and 2 for overshoot.
    static let fractionalBits: Int32 = 22
    /// Half a unit in the last place kept: a sum that starts here rounds halves up.
    static let half: Int32 = 1 << (fractionalBits - 1)

    /// Allotted weights per output position.
    let stride: Int
    /// First input position per output position.
    private(set) var starts: [Int] = []
    /// Used weights per output position, at most `stride`.
    private(set) var counts: [Int] = []
    /// Weights, [outputs, stride].
    private(set) var weights: [Int32] = []

    /// - Parameters:
    ///   - start: Where the part to show begins, in input positions.
    ///   - extent: Its length; nil for all. Positions outside of it are read, as far as there are any.
    /// - Precondition: the extents are positive.
    init(from inputExtent: Int, to outputExtent: Int, start box: Double = 0, extent: Double? = nil) {
        precondition(inputExtent > 0 && outputExtent > 0 && extent ?? 1 > 0)
        let scale = (extent ?? Double(inputExtent)) / Double(outputExtent)
        let stretch = max(scale, 1)
        let support = 2 * stretch
        let shrink = 1 / stretch
        stride = Int(support.rounded(.up)) * 2 + 1
        starts.reserveCapacity(outputExtent)
        counts.reserveCapacity(outputExtent)
        weights.reserveCapacity(outputExtent * stride)

        var exact = [Double](repeating: 0, count: stride)
        for output in 0..<outputExtent {
            let center = box + (Double(output) + 0.5) * scale
            let start = max(Int(center - support + 0.5), 0)
            let count = min(Int(center + support + 0.5), inputExtent) - start
            var sum = 0.0
            for tap in 0..<count {
                let weight = bicubicKernel((Double(tap + start) - center + 0.5) * shrink)
                exact[tap] = weight
                sum += weight
            }
            for tap in 0..<stride {
                guard tap < count else {
                    weights.append(0)
                    continue
                }
                let weight = (sum != 0 ? exact[tap] / sum : exact[tap]) * Double(1 << Self.fractionalBits)
                // The conversion truncates, so this rounds halves away from zero.
                weights.append(Int32(weight < 0 ? weight - 0.5 : weight + 0.5))
            }
            starts.append(start)
            counts.append(count)
        }
    }

    /// The input positions that are read.
    var span: Range<Int> { starts.min()!..<zip(starts, counts).map(+).max()! }

    /// Counts input positions from a later one on.
    mutating func move(by offset: Int) {
        for index in starts.indices { starts[index] -= offset }
    }

    /// An accumulated sum as a sample: the fraction dropped, the rest clipped to 8 bits.
    @inline(__always)
    static func sample(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum >> fractionalBits, 0), 255))
    }
}
