/// Weights as files hold them, float32 and row-major, as a slice of a larger tensor where need be.
///
/// A convolution's are [outputs, inputs, k, k], a linear layer's [outputs, inputs]: outputs lie
/// `rowStride` floats apart, everything within a row is dense.
package struct PlainWeights: Hashable, Sendable {
    /// First element, counted from the start of the parameters.
    package var offset: Int
    package var rowStride: Int

    package init(offset: Int, rowStride: Int) {
        self.offset = offset
        self.rowStride = rowStride
    }
}
