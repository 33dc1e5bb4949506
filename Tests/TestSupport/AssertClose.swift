package import Testing

/// Expects every element to be within `absolute + relative · |expected|`, and reports the worst that is not.
///
/// A NaN on either side always fails; an infinity agrees only with itself.
/// - Parameter shape: When given, the worst element is also named by its index on every axis.
package func assertClose(
    actual: [Float], expected: [Float], absolute: Float, relative: Float = 0, shape: [Int]? = nil,
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count else {
        Issue.record(
            "got \(actual.count) elements, expected \(expected.count). \(comment?.rawValue ?? "")",
            sourceLocation: sourceLocation)
        return
    }
    if let shape {
        #expect(
            shape.reduce(1, *) == actual.count, "the shape does not describe the elements",
            sourceLocation: sourceLocation)
    }
    var failures = 0
    var worst = (index: 0, excess: -Float.infinity)
    for i in actual.indices where actual[i] != expected[i] {
        let excess = (actual[i] - expected[i]).magnitude - (absolute + relative * expected[i].magnitude)
        let comparable = excess.isNaN || expected[i].isInfinite ? Float.infinity : excess
        guard comparable > 0 else { continue }
        failures += 1
        if comparable > worst.excess { worst = (i, comparable) }
    }
    guard failures > 0 else { return }
    let place = shape.map { " \(position(of: worst.index, in: $0))" } ?? ""
    Issue.record(
        """
        \(failures) of \(actual.count) elements differ; worst at \(worst.index)\(place): \
        expected \(expected[worst.index]), got \(actual[worst.index]), allowed \(absolute) + \(relative)·|expected|. \
        \(comment?.rawValue ?? "")
        """, sourceLocation: sourceLocation)
}

/// The index on every axis of a row-major element.
private func position(of index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    var position: [Int] = []
    for extent in shape.reversed() where extent > 0 {
        position.append(rest % extent)
        rest /= extent
    }
    return position.reversed()
}
