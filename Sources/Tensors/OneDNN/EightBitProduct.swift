import COneDNN

/// destination = round(max(0, scales[column] · (source · weights) + bias)), 0…255: activations are unsigned,
/// weights signed 8-bit integers, sums 32-bit and exact.
package final class EightBitProduct: Primitive {
    private let columns: Int

    /// - Parameters:
    ///   - rows: Rows of the source and the destination.
    ///   - inner: Columns of the source, rows of the weights.
    ///   - scales: By column; above 0.
    package init(rows: Int, columns: Int, inner: Int, scales: [Float]) throws {
        precondition(scales.count == columns && scales.allSatisfy { $0 > 0 })
        self.columns = columns
        try super.init("8-bit product [\(rows), \(inner)]·[\(inner), \(columns)]") { out in
            scales.withUnsafeBufferPointer { scales in
                var specification = liif_product(
                    rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), transposedSource: 0,
                    packedWeights: 1, source: LIIF_UINT8, destination: LIIF_UINT8, accumulate: 0, relu: 1,
                    bias: 1, scales: scales.baseAddress)
                return liif_product_create(&out, &specification)
            }
        }
    }

    /// Puts weights [columns, inner] into this operation's layout.
    package func pack(_ weights: [Int8], into packed: UnsafeMutableRawPointer) throws {
        precondition(weights.count % columns == 0)
        try weights.withUnsafeBufferPointer {
            try check(
                liif_pack(handle, $0.baseAddress!, Int64(weights.count / columns), 1, packed),
                "packing the weights of \(name)")
        }
    }

    /// The bias, in steps of the destination, as this operation wants it.
    package func pack(bias: [Float], into packed: UnsafeMutablePointer<Float>) {
        precondition(bias.count == columns)
        bias.withUnsafeBufferPointer { liif_pack_bias(handle, $0.baseAddress!, packed) }
    }

    package func callAsFunction(
        source: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer, bias: UnsafeMutableRawPointer,
        destination: UnsafeMutableRawPointer
    ) {
        withUnsafeArguments(source, weights, bias, destination) { execute($0) }
    }
}
