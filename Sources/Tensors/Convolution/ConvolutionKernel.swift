/// What computes one direction of a convolution.
enum ConvolutionKernel<Direct: Primitive> {
    case direct(Direct)
    case winograd(WinogradConvolution)

    /// - Parameters:
    ///   - shape: Of the convolution, forward.
    ///   - precision: Element type of what the kernel reads.
    ///   - winograd: Asked for only where it pays; nil where there is none.
    ///   - direct: oneDNN's.
    init(
        _ algorithm: ConvolutionAlgorithm, _ shape: ConvolutionShape, _ precision: Precision,
        winograd: @autoclosure () -> WinogradConvolution?,
        direct: @autoclosure () throws -> Direct
    ) throws {
        if algorithm == .winograd, WinogradConvolution.pays(shape, precision), let kernel = winograd() {
            self = .winograd(kernel)
        } else {
            self = .direct(try direct())
        }
    }

    /// Bytes of the weights in this kernel's own layout.
    var weightByteCount: Int {
        switch self {
        case .direct(let kernel): kernel.weightByteCount
        case .winograd(let kernel): 4 * kernel.packedCount
        }
    }

    /// Puts plain weights into this kernel's layout and element type.
    func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) throws {
        switch self {
        case .direct(let kernel): try kernel.pack(parameters, weights, into: packed)
        case .winograd(let kernel):
            kernel.pack(parameters, weights, into: packed.assumingMemoryBound(to: Float.self))
        }
    }
}
