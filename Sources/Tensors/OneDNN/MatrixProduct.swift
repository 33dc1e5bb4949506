import COneDNN

/// destination = [destination +] source · weights [+ bias], rectified on request; all row-major.
package final class MatrixProduct: Primitive {
    private let hasBias: Bool

    /// - Parameters:
    ///   - rows: Rows of the source and the destination.
    ///   - inner: Columns of the source, rows of the weights.
    ///   - transposedSource: The source is stored as [inner, rows].
    ///   - packedWeights: The weights come from `pack`; otherwise they are [inner, columns].
    package init(
        rows: Int, columns: Int, inner: Int, source: Precision, destination: Precision,
        transposedSource: Bool = false, packedWeights: Bool, bias: Bool = false, accumulate: Bool = false,
        relu: Bool = false
    ) throws {
        hasBias = bias
        var specification = liif_product(
            rows: Int64(rows), columns: Int64(columns), inner: Int64(inner),
            transposedSource: transposedSource ? 1 : 0, packedWeights: packedWeights ? 1 : 0,
            source: source.element, destination: destination.element, accumulate: accumulate ? 1 : 0,
            relu: relu ? 1 : 0, bias: bias ? 1 : 0, scales: nil)
        try super.init("product [\(rows), \(inner)]·[\(inner), \(columns)]") {
            liif_product_create(&$0, &specification)
        }
    }

    package func callAsFunction(
        source: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
        bias: UnsafeMutableRawPointer? = nil, destination: UnsafeMutableRawPointer
    ) {
        if hasBias {
            withUnsafeArguments(source, weights, bias, destination) { execute($0) }
        } else {
            withUnsafeArguments(source, weights, destination, nil) { execute($0) }
        }
    }
}
