import COneDNN

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

extension OneDNNBackwardWeights {
    /// Puts this operation's result into plain weights.
    func unpack(
        _ gradient: UnsafeRawPointer, into parameters: UnsafeMutablePointer<Float>, _ weights: PlainWeights
    ) throws {
        try check(
            liif_unpack(handle, gradient, parameters + weights.offset, Int64(weights.rowStride)),
            "unpacking the \(name)")
    }
}
