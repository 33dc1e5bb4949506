import CTensorKernels

/// sourceGradient [+]= destinationGradient ∗ᵀ weights. One worker's.
package final class ConvolutionBackwardData {
    private let kernel: ConvolutionKernel<OneDNNBackwardData>
    private let shape: ConvolutionShape
    private let scratch: ConvolutionScratch

    /// - Parameters:
    ///   - gradient: Element type of the destination's gradient and the weights.
    ///   - sourceGradient: Element type of the result.
    package init(
        _ shape: ConvolutionShape, gradient: Precision, sourceGradient: Precision,
        algorithm: ConvolutionAlgorithm = .direct, scratch: ConvolutionScratch = ConvolutionScratch()
    ) throws {
        self.shape = shape
        self.scratch = scratch
        kernel = try ConvolutionKernel(
            algorithm, shape, gradient,
            winograd: .transposed(shape, gradient: gradient, sourceGradient: sourceGradient),
            amx: .transposed(shape, sourceGradient: sourceGradient),
            library: OneDNNBackwardData(shape, gradient: gradient, sourceGradient: sourceGradient))
    }

    /// Bytes of the weights in this operation's own layout.
    package var weightByteCount: Int { kernel.weightByteCount }

    /// Puts plain weights into this operation's layout and element type.
    package func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) throws { try kernel.pack(parameters, weights, into: packed) }

    /// - Parameter accumulate: Adds to what a float32 source's gradient holds.
    package func callAsFunction(
        sourceGradient: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
        destinationGradient: UnsafeMutableRawPointer, accumulate: Bool = false
    ) {
        let addend = accumulate ? UnsafeRawPointer(sourceGradient) : nil
        switch kernel {
        case .library(let kernel):
            let made =
                accumulate ? UnsafeMutableRawPointer(scratch.floats(shape.sourceCount)) : sourceGradient
            kernel(sourceGradient: made, weights: weights, destinationGradient: destinationGradient)
            if accumulate {
                liif_add(
                    sourceGradient.assumingMemoryBound(to: Float.self),
                    made.assumingMemoryBound(to: Float.self), shape.sourceCount)
            }
        case .amx(let kernel):
            kernel.forward(
                source: destinationGradient, weights: weights, bias: nil, addend: addend,
                destination: sourceGradient, copy: nil, scratch: scratch)
        case .winograd(let kernel):
            kernel.forward(
                source: destinationGradient, weights: weights.assumingMemoryBound(to: Float.self), bias: nil,
                addend: addend, destination: sourceGradient,
                scratch: scratch.floats(kernel.forwardScratch), rows: kernel.shape.outputHeight, part: (0, 1))
        }
    }
}

/// weightGradient [+]= source ⋆ destinationGradient, in float32; the bias's is the sum over positions. One worker's.
package final class ConvolutionBackwardWeights {
    private let kernel: ConvolutionKernel<OneDNNBackwardWeights>
    private let outputs: Int
    private let scratch: ConvolutionScratch

    package init(
        _ shape: ConvolutionShape, precision: Precision, algorithm: ConvolutionAlgorithm = .direct,
        scratch: ConvolutionScratch = ConvolutionScratch()
    ) throws {
        self.scratch = scratch
        outputs = shape.outputChannels
        kernel = try ConvolutionKernel(
            algorithm, shape, precision, winograd: WinogradConvolution(shape, source: precision),
            amx: shape.padsRows ? AMXConvolution(shape) : nil,
            library: OneDNNBackwardWeights(shape, precision: precision))
    }

    /// Bytes of the weights' gradient in this operation's own layout.
    package var weightByteCount: Int {
        switch kernel {
        case .library(let kernel): kernel.weightByteCount
        case .amx(let kernel): 4 * kernel.gradientCount
        case .winograd(let kernel): 4 * kernel.gradientCount
        }
    }

    /// - Parameter accumulate: Adds to what the gradients hold.
    package func callAsFunction(
        source: UnsafeMutableRawPointer, weightGradient: UnsafeMutableRawPointer,
        biasGradient: UnsafeMutableRawPointer, destinationGradient: UnsafeMutableRawPointer,
        accumulate: Bool = false
    ) {
        let weight = weightGradient.assumingMemoryBound(to: Float.self)
        let bias = biasGradient.assumingMemoryBound(to: Float.self)
        if case .amx(let kernel) = kernel {
            return kernel.weightGradient(
                source: source, gradient: destinationGradient, into: weight, bias: bias,
                accumulate: accumulate, scratch: scratch)
        }
        // The others overwrite: their results are added afterwards.
        let weightCount = weightByteCount / 4
        let own = if case .winograd(let kernel) = kernel { kernel.gradientScratch } else { 0 }
        let memory = scratch.floats(own + (accumulate ? weightCount + outputs : 0))
        let madeWeight = accumulate ? memory + own : weight
        let madeBias = accumulate ? madeWeight + weightCount : bias
        switch kernel {
        case .amx: break
        case .library(let kernel):
            kernel(
                source: source, weightGradient: madeWeight, biasGradient: madeBias,
                destinationGradient: destinationGradient)
        case .winograd(let kernel):
            kernel.weightGradient(
                source: source, gradient: destinationGradient, into: madeWeight, bias: madeBias,
                scratch: memory)
        }
        if accumulate {
            liif_add(weight, madeWeight, weightCount)
            liif_add(bias, madeBias, outputs)
        }
    }

    /// Puts this operation's result into plain weights.
    package func unpack(
        _ gradient: UnsafeRawPointer, into parameters: UnsafeMutablePointer<Float>, _ weights: PlainWeights
    ) throws {
        switch kernel {
        case .library(let kernel): try kernel.unpack(gradient, into: parameters, weights)
        case .amx(let kernel):
            kernel.unpack(gradient.assumingMemoryBound(to: Float.self), into: parameters, weights)
        case .winograd(let kernel):
            kernel.unpack(gradient.assumingMemoryBound(to: Float.self), into: parameters, weights)
        }
    }
}
