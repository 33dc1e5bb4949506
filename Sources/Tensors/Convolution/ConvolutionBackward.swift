/// sourceGradient = destinationGradient ∗ᵀ weights. One worker's.
package final class ConvolutionBackwardData {
    private let kernel: ConvolutionKernel<DirectBackwardData>
    private let scratch: ConvolutionScratch

    /// - Parameters:
    ///   - gradient: Element type of the destination's gradient and the weights.
    ///   - sourceGradient: Element type of the result.
    package init(
        _ shape: ConvolutionShape, gradient: Precision, sourceGradient: Precision,
        algorithm: ConvolutionAlgorithm = .direct, scratch: ConvolutionScratch = ConvolutionScratch()
    ) throws {
        self.scratch = scratch
        kernel = try ConvolutionKernel(
            algorithm, shape, gradient,
            winograd: .transposed(shape, gradient: gradient, sourceGradient: sourceGradient),
            direct: DirectBackwardData(shape, gradient: gradient, sourceGradient: sourceGradient))
    }

    /// Bytes of the weights in this operation's own layout.
    package var weightByteCount: Int { kernel.weightByteCount }

    /// Puts plain weights into this operation's layout and element type.
    package func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) throws { try kernel.pack(parameters, weights, into: packed) }

    package func callAsFunction(
        sourceGradient: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
        destinationGradient: UnsafeMutableRawPointer
    ) {
        switch kernel {
        case .direct(let kernel):
            kernel(
                sourceGradient: sourceGradient, weights: weights, destinationGradient: destinationGradient)
        case .winograd(let kernel):
            kernel.forward(
                source: destinationGradient, weights: weights.assumingMemoryBound(to: Float.self), bias: nil,
                addend: nil, destination: sourceGradient,
                scratch: scratch.floats(kernel.forwardScratch), rows: kernel.shape.outputHeight, part: (0, 1))
        }
    }
}

/// weightGradient = source ⋆ destinationGradient, in float32; the bias's is the sum over positions. One worker's.
package final class ConvolutionBackwardWeights {
    private let kernel: ConvolutionKernel<DirectBackwardWeights>
    private let scratch: ConvolutionScratch

    package init(
        _ shape: ConvolutionShape, precision: Precision, algorithm: ConvolutionAlgorithm = .direct,
        scratch: ConvolutionScratch = ConvolutionScratch()
    ) throws {
        self.scratch = scratch
        kernel = try ConvolutionKernel(
            algorithm, shape, precision, winograd: WinogradConvolution(shape, source: precision),
            direct: DirectBackwardWeights(shape, precision: precision))
    }

    /// Bytes of the weights' gradient in this operation's own layout.
    package var weightByteCount: Int {
        switch kernel {
        case .direct(let kernel): kernel.weightByteCount
        case .winograd(let kernel): 4 * kernel.gradientCount
        }
    }

    package func callAsFunction(
        source: UnsafeMutableRawPointer, weightGradient: UnsafeMutableRawPointer,
        biasGradient: UnsafeMutableRawPointer, destinationGradient: UnsafeMutableRawPointer
    ) {
        switch kernel {
        case .direct(let kernel):
            kernel(
                source: source, weightGradient: weightGradient, biasGradient: biasGradient,
                destinationGradient: destinationGradient)
        case .winograd(let kernel):
            kernel.weightGradient(
                source: source, gradient: destinationGradient,
                into: weightGradient.assumingMemoryBound(to: Float.self),
                bias: biasGradient.assumingMemoryBound(to: Float.self),
                scratch: scratch.floats(kernel.gradientScratch))
        }
    }

    /// Puts this operation's result into plain weights.
    package func unpack(
        _ gradient: UnsafeRawPointer, into parameters: UnsafeMutablePointer<Float>, _ weights: PlainWeights
    ) throws {
        switch kernel {
        case .direct(let kernel): try kernel.unpack(gradient, into: parameters, weights)
        case .winograd(let kernel):
            kernel.unpack(gradient.assumingMemoryBound(to: Float.self), into: parameters, weights)
        }
    }
}
