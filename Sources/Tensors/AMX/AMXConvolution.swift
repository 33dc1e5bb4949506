import CTensorKernels

/// A convolution of BF16 maps by AMX's tile products (Docs/Decisions/0019-amx.md): float32 sums, in the same order for every
/// position, so strips of a map give the whole map's bits.
package struct AMXConvolution: Hashable, Sendable {
    /// Whether this processor has such products and the system grants them.
    package static let isAvailable = liif_amx_available() != 0

    package let shape: ConvolutionShape
    private let destination: Precision
    private let rectified: Bool
    /// Whether it takes the weights of the convolution whose `transposed` it is.
    private var isTransposed = false

    /// Whether there is such a convolution, faster than the others for maps of a number format.
    package static func pays(_ shape: ConvolutionShape, _ precision: Precision) -> Bool {
        let group = Int(LIIF_AMX_CHANNELS)
        return precision == .bfloat16 && isAvailable && (shape.kernel == 1 || shape.kernel == 3)
            && shape.inputChannels % group == 0 && shape.outputChannels % group == 0
            && shape.outputHeight > 0
    }

    /// - Parameters:
    ///   - destination: Element type of what `forward` makes and adds to.
    ///   - relu: Rectifies at the end.
    package init(_ shape: ConvolutionShape, destination: Precision = .float32, relu: Bool = false) {
        precondition(Self.pays(shape, .bfloat16))
        self.shape = shape
        self.destination = destination
        rectified = relu
    }

    private var specification: liif_amx {
        liif_amx(
            height: shape.height, width: shape.width, inputs: shape.inputChannels,
            outputs: shape.outputChannels, kernel: shape.kernel, padRows: shape.padsRows ? 1 : 0,
            relu: rectified ? 1 : 0, destinationIsBF16: destination == .bfloat16 ? 1 : 0)
    }

    /// The convolution that takes the gradient of the result of one of `shape` to its source's; nil without padding.
    static func transposed(_ shape: ConvolutionShape, sourceGradient: Precision) -> AMXConvolution? {
        guard shape.padsRows else { return nil }
        var result = AMXConvolution(
            ConvolutionShape(
                height: shape.height, width: shape.width, inputChannels: shape.outputChannels,
                outputChannels: shape.inputChannels, kernel: shape.kernel),
            destination: sourceGradient)
        result.isTransposed = true
        return result
    }

    // MARK: Weights

    /// Bytes of the weights as `forward` wants them.
    var packedByteCount: Int { withUnsafePointer(to: specification) { liif_amx_weights($0) } }

    /// Puts plain weights into this convolution's layout, rounded to BF16.
    func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) {
        withUnsafePointer(to: specification) {
            liif_amx_pack(
                $0, packed.assumingMemoryBound(to: BFloat16Bits.self), parameters + weights.offset,
                weights.rowStride, isTransposed ? 1 : 0)
        }
    }

    // MARK: Forward

    /// destination = [addend +] source ∗ weights [+ bias], rectified on request.
    /// - Parameters:
    ///   - addend: As large as the destination and of its element type, or the destination itself.
    ///   - copy: Receives a float32 destination rounded to BF16.
    func forward(
        source: UnsafeRawPointer, weights: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        addend: UnsafeRawPointer?, destination: UnsafeMutableRawPointer, copy: UnsafeMutableRawPointer?,
        scratch: ConvolutionScratch
    ) {
        withUnsafePointer(to: specification) {
            liif_amx_forward(
                $0, source.assumingMemoryBound(to: BFloat16Bits.self),
                weights.assumingMemoryBound(to: BFloat16Bits.self), bias, addend, destination,
                copy?.assumingMemoryBound(to: BFloat16Bits.self),
                scratch.bytes(liif_amx_forward_scratch($0)))
        }
    }

    // MARK: Weights' gradient

    /// Floats of `weightGradient`'s result.
    var gradientCount: Int { shape.kernel * shape.kernel * shape.inputChannels * shape.outputChannels }

    /// weightGradient [+]= source ⋆ gradient, in a layout that `unpack` reads; biasGradient [+]= the sum over positions.
    func weightGradient(
        source: UnsafeRawPointer, gradient: UnsafeRawPointer,
        into weightGradient: UnsafeMutablePointer<Float>, bias biasGradient: UnsafeMutablePointer<Float>,
        accumulate: Bool, scratch: ConvolutionScratch
    ) {
        withUnsafePointer(to: specification) {
            liif_amx_weight_gradient(
                $0, source.assumingMemoryBound(to: BFloat16Bits.self),
                gradient.assumingMemoryBound(to: BFloat16Bits.self), weightGradient, biasGradient,
                accumulate ? 1 : 0, scratch.bytes(liif_amx_gradient_scratch($0)))
        }
    }

    /// Puts `weightGradient`'s result into plain weights.
    func unpack(
        _ gradient: UnsafePointer<Float>, into parameters: UnsafeMutablePointer<Float>,
        _ weights: PlainWeights
    ) {
        withUnsafePointer(to: specification) {
            liif_amx_unpack($0, gradient, parameters + weights.offset, weights.rowStride)
        }
    }
}
