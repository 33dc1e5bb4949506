package import Tensors

extension SplitMix64 {
    /// A uniform number from a range, on a grid of 2²⁴ steps.
    package mutating func uniform(_ range: ClosedRange<Float> = -1...1) -> Float {
        range.lowerBound + unitFloat() * (range.upperBound - range.lowerBound)
    }

    /// Uniform numbers from a range.
    package mutating func uniforms(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in uniform(range) }
    }
}
