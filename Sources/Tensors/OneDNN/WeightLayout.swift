import COneDNN

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

extension Primitive {
    /// Puts plain weights into this operation's layout and element type.
    /// - Parameter transposed: For products: the plain weights are [columns, inner].
    package func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, transposed: Bool = false,
        into packed: UnsafeMutableRawPointer
    ) throws {
        try check(
            liif_pack(
                handle, parameters + weights.offset, Int64(weights.rowStride), transposed ? 1 : 0, packed),
            "packing the weights of \(name)")
    }
}

extension ConvolutionBackwardWeights {
    /// Puts this operation's result into plain weights.
    package func unpack(
        _ gradient: UnsafeRawPointer, into parameters: UnsafeMutablePointer<Float>, _ weights: PlainWeights
    ) throws {
        try check(
            liif_unpack(handle, gradient, parameters + weights.offset, Int64(weights.rowStride)),
            "unpacking the \(name)")
    }
}
