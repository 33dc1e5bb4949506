import CTensorKernels

/// Our product of unsigned 12-bit activations and signed 16-bit weights.
package final class SixteenBitProduct: IntegerProduct {
    private let shape: liif_product_i16
    private let weights: AlignedBuffer
    private let scales, bias: [Float]

    /// - Parameter variant: The instruction set, of `liif_product_i16_fastest`; the best if nil.
    package init(
        rows: Int, inner: Int, weights plain: [Int16], scales: [Float], bias: [Float], variant: Int? = nil
    ) {
        var shape = liif_product_i16(
            rows: rows, inner: inner, outputs: scales.count,
            variant: variant.map { Int32($0) } ?? liif_product_i16_fastest())
        weights = AlignedBuffer(byteCount: 2 * liif_product_i16_weights(&shape))
        liif_product_i16_pack(&shape, weights.int16s, plain)
        self.shape = shape
        self.scales = scales
        self.bias = bias
    }

    package func callAsFunction(source: UnsafeMutableRawPointer, destination: UnsafeMutableRawPointer) {
        withUnsafePointer(to: shape) {
            liif_product_i16_run(
                $0, destination.assumingMemoryBound(to: Int16.self),
                source.assumingMemoryBound(to: Int16.self), weights.int16s, scales, bias)
        }
    }
}
