/// What computes one direction of a convolution.
enum ConvolutionKernel<Library: Primitive> {
    case library(Library)
    case amx(AMXConvolution)
    case winograd(WinogradConvolution)

    /// - Parameters:
    ///   - shape: Of the convolution, forward.
    ///   - precision: Element type of what the kernel reads.
    ///   - winograd: Asked for only where it pays; nil where there is none.
    ///   - amx: Likewise.
    ///   - library: oneDNN's.
    init(
        _ algorithm: ConvolutionAlgorithm, _ shape: ConvolutionShape, _ precision: Precision,
        winograd: @autoclosure () -> WinogradConvolution?, amx: @autoclosure () -> AMXConvolution?,
        library: @autoclosure () throws -> Library
    ) throws {
        if algorithm == .winograd, WinogradConvolution.pays(shape, precision), let kernel = winograd() {
            self = .winograd(kernel)
        } else if algorithm != .library, AMXConvolution.pays(shape, precision), let kernel = amx() {
            self = .amx(kernel)
        } else {
            self = .library(try library())
        }
    }

    /// Bytes of the weights in this kernel's own layout.
    var weightByteCount: Int {
        switch self {
        case .library(let kernel): kernel.weightByteCount
        case .amx(let kernel): kernel.packedByteCount
        case .winograd(let kernel): 4 * kernel.packedCount
        }
    }

    /// Puts plain weights into this kernel's layout and element type.
    func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) throws {
        switch self {
        case .library(let kernel): try kernel.pack(parameters, weights, into: packed)
        case .amx(let kernel): kernel.pack(parameters, weights, into: packed)
        case .winograd(let kernel):
            kernel.pack(parameters, weights, into: packed.assumingMemoryBound(to: Float.self))
        }
    }
}
