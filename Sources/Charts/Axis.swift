import Foundation

/// Values on a line of pixels, evenly or by powers of ten.
package struct Axis {
    /// The values at its ends.
    package let range: ClosedRange<Double>
    /// Where the ends are; the first may be the greater, as for an axis that points upwards.
    package let start, end: Double
    package let isLogarithmic: Bool

    /// - Precondition: the range is not empty; a logarithmic one is above 0.
    package init(_ range: ClosedRange<Double>, from start: Double, to end: Double, logarithmic: Bool = false)
    {
        precondition(range.lowerBound < range.upperBound && (!logarithmic || range.lowerBound > 0))
        self.range = range
        self.start = start
        self.end = end
        isLogarithmic = logarithmic
    }

    /// A value's place; values beyond the ends stand at the ends.
    package func callAsFunction(_ value: Double) -> Double {
        func scale(_ value: Double) -> Double {
            isLogarithmic ? log10(max(value, .leastNormalMagnitude)) : value
        }
        let share =
            (scale(value) - scale(range.lowerBound)) / (scale(range.upperBound) - scale(range.lowerBound))
        return start + min(max(share, 0), 1) * (end - start)
    }

    /// Round values within the range: powers of ten, or 1, 2 or 5 times one, about `count` of them.
    package func ticks(about count: Int = 6) -> [Double] {
        if isLogarithmic {
            let first = Int(log10(range.lowerBound).rounded(.up))
            let last = Int((log10(range.upperBound) + 1e-9).rounded(.down))
            return first > last ? [] : (first...last).map { pow(10, Double($0)) }
        }
        let raw = (range.upperBound - range.lowerBound) / Double(count)
        let power = pow(10, log10(raw).rounded(.down))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? raw
        // The sum turns −0, which labels would show, into 0.
        let first = (range.lowerBound / step - 1e-9).rounded(.up) + 0
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }
}
