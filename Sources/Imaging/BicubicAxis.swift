/// Bicubic weights for one axis in floating point: per output position a run of input positions.
///
/// Positions and weights are those of Pillow's `resize(size, BICUBIC, box)`: when the axis shrinks the kernel is
/// stretched by the scale (antialiasing), and at the picture's borders it is cut off and renormalised.
struct BicubicAxis {
    /// First input position, by output position.
    private(set) var starts: [Int] = []
    /// Weights, by output position.
    private(set) var weights: [[Float]] = []

    var count: Int { starts.count }

    /// - Parameters:
    ///   - inputExtent: Positions of the whole input.
    ///   - start: Where the part to show begins, 0…inputExtent.
    ///   - extent: Its length; above 0.
    ///   - outputExtent: Positions to show it with, at least 1.
    init(inputExtent: Int, start: Double, extent: Double, outputExtent: Int) {
        precondition(inputExtent > 0 && extent > 0 && outputExtent > 0)
        let scale = extent / Double(outputExtent)
        let stretch = max(scale, 1)
        let support = 2 * stretch
        for output in 0..<outputExtent {
            let center = start + (Double(output) + 0.5) * scale
            let first = min(max(Int(center - support + 0.5), 0), inputExtent - 1)
            let end = max(min(Int(center + support + 0.5), inputExtent), first + 1)
            let exact = (first..<end).map { bicubicKernel((Double($0) - center + 0.5) / stretch) }
            let sum = exact.reduce(0, +)
            starts.append(first)
            weights.append(exact.map { Float(sum != 0 ? $0 / sum : 1 / Double(exact.count)) })
        }
    }

    /// One past the last input position of an output position.
    func end(_ output: Int) -> Int { starts[output] + weights[output].count }
}
