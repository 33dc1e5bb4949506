import Tensors
package import Testing

/// Expects an analytic gradient to agree with central differences, and reports the element that agrees least.
///
/// The numeric derivative of element i is (f(x + h) − f(x − h)) / 2h with the `h` that floats really hold.
/// - Parameters:
///   - function: A scalar of all parameters; sum in `Double`, or rounding drowns the difference.
///   - expected: The analytic gradient at `point`, one element per parameter.
///   - indices: The parameters to check; all when nil.
///   - step: h. In float32, 1e-3…1e-2 balances rounding against curvature.
///   - bend: For functions that are linear in every single parameter except at rectifiers' kinks: leaves out
///     parameters where |f(x + h) + f(x − h) − 2·f(x)| exceeds this or h/2 gives another slope, and expects
///     them to be a minority.
package func checkGradient(
    of function: ([Float]) throws -> Double, at point: [Float], expected: [Float],
    indices: [Int]? = nil, step: Float = 5e-3, absolute: Double = 1e-3, relative: Double = 1e-2,
    bend: Double? = nil,
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) rethrows {
    guard expected.count == point.count else {
        Issue.record(
            "a gradient of \(expected.count) elements for \(point.count) parameters. \(comment?.rawValue ?? "")",
            sourceLocation: sourceLocation)
        return
    }
    var failures = 0
    var worst = (index: 0, numeric: 0.0, excess: -Double.infinity)
    let indices = indices ?? Array(point.indices)
    let middle = try bend.map { _ in try function(point) }
    var bent = 0
    for i in indices {
        var moved = point
        moved[i] = point[i] + step
        let upper = Double(moved[i])
        let above = try function(moved)
        moved[i] = point[i] - step
        let below = try function(moved)
        let numeric = (above - below) / (upper - Double(moved[i]))
        if let bend, let middle {
            // Kinks on both sides may balance at one step, hardly at two.
            moved[i] = point[i] + step / 2
            let half = (Double(moved[i]), try function(moved))
            moved[i] = point[i] - step / 2
            let inner = (half.1 - (try function(moved))) / (half.0 - Double(moved[i]))
            let isBent = (above + below - 2 * middle).magnitude > bend
            if isBent || (numeric - inner).magnitude * Double(step) > bend {
                bent += 1
                continue
            }
        }
        let excess = (numeric - Double(expected[i])).magnitude - (absolute + relative * numeric.magnitude)
        let comparable = excess.isNaN ? Double.infinity : excess
        guard comparable > 0 else { continue }
        failures += 1
        if comparable > worst.excess { worst = (i, numeric, comparable) }
    }
    if bent * 2 > indices.count {
        Issue.record(
            "\(bent) of \(indices.count) parameters are too near a kink to be checked. \(comment?.rawValue ?? "")",
            sourceLocation: sourceLocation)
    }
    guard failures > 0 else { return }
    Issue.record(
        """
        \(failures) of \(indices.count) derivatives differ; worst at \(worst.index): central difference \
        \(worst.numeric), analytic \(expected[worst.index]), allowed \(absolute) + \(relative)·|difference|. \
        \(comment?.rawValue ?? "")
        """, sourceLocation: sourceLocation)
}

/// `count` different indices below `total`, the same for the same seed; all when there are not more.
package func sampledIndices(_ count: Int, of total: Int, seed: UInt64 = 1) -> [Int] {
    guard count < total else { return Array(0..<total) }
    var generator = SplitMix64(seed: seed)
    var chosen: Set<Int> = []
    while chosen.count < count { chosen.insert(Int(generator.next() % UInt64(total))) }
    return chosen.sorted()
}
