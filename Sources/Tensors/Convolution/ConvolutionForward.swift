import CTensorKernels

/// destination = [addend +] source ∗ weights [+ bias], rectified on request. One worker's.
package final class ConvolutionForward {
    private let kernel: ConvolutionKernel<OneDNNForward>
    private let shape: ConvolutionShape
    private let destination: Precision
    private let hasBias, accumulates: Bool
    private let scratch: ConvolutionScratch

    /// - Parameters:
    ///   - source: Element type of the source and the weights.
    ///   - accumulate: Adds to an addend, or to what the destination holds.
    package init(
        _ shape: ConvolutionShape, source: Precision, destination: Precision, bias: Bool = true,
        accumulate: Bool = false, relu: Bool = false, algorithm: ConvolutionAlgorithm = .direct,
        scratch: ConvolutionScratch = ConvolutionScratch()
    ) throws {
        self.shape = shape
        self.destination = destination
        hasBias = bias
        accumulates = accumulate
        self.scratch = scratch
        kernel = try ConvolutionKernel(
            algorithm, shape, source,
            winograd: WinogradConvolution(shape, source: source, destination: destination, relu: relu),
            amx: AMXConvolution(shape, destination: destination, relu: relu),
            library: OneDNNForward(
                shape, source: source, destination: destination, bias: bias, accumulate: accumulate,
                relu: relu))
    }

    /// Bytes of the weights in this operation's own layout.
    package var weightByteCount: Int { kernel.weightByteCount }

    /// Puts plain weights into this operation's layout and element type.
    package func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) throws { try kernel.pack(parameters, weights, into: packed) }

    /// - Parameters:
    ///   - addend: What an accumulating convolution adds, as large as the destination and of its element type; nil for what
    ///     the destination holds.
    ///   - copy: Receives a float32 destination rounded to BF16.
    package func callAsFunction(
        source: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer, bias: UnsafeMutableRawPointer?,
        addend: UnsafeRawPointer? = nil, destination: UnsafeMutableRawPointer,
        copy: UnsafeMutableRawPointer? = nil
    ) {
        let floatBias = hasBias ? bias?.assumingMemoryBound(to: Float.self) : nil
        let added = accumulates ? addend ?? UnsafeRawPointer(destination) : nil
        switch kernel {
        case .library(let kernel):
            if let added, added != destination {
                copyBytes(
                    to: destination, from: added, count: shape.outputCount * self.destination.bytes)
            }
            kernel(source: source, weights: weights, bias: bias, destination: destination)
        case .amx(let kernel):
            return kernel.forward(
                source: source, weights: weights, bias: floatBias, addend: added, destination: destination,
                copy: copy, scratch: scratch)
        case .winograd(let kernel):
            makeTiles(
                source: source, weights: weights.assumingMemoryBound(to: Float.self), bias: floatBias,
                addend: added, destination: destination, rows: kernel.shape.outputHeight)
        }
        if let copy {
            liif_bf16_from_float(
                copy.assumingMemoryBound(to: BFloat16Bits.self),
                destination.assumingMemoryBound(to: Float.self), shape.outputCount)
        }
    }

    // MARK: Shares of a Winograd convolution

    /// Tiles of the whole result; 0 for other convolutions, which have none.
    package var tileCount: Int {
        switch kernel {
        case .library, .amx: 0
        case .winograd(let kernel): kernel.tileCount
        }
    }

    /// Makes one share of the tiles.
    /// - Parameters:
    ///   - addend: What is added to the convolution, as large as the destination and of its element type, or the
    ///     destination itself.
    ///   - rows: Rows of the result, at the most the shape's.
    ///   - part: Which share, of how many.
    /// - Precondition: There are tiles.
    package func makeTiles(
        source: UnsafeRawPointer, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        addend: UnsafeRawPointer?, destination: UnsafeMutableRawPointer, rows: Int,
        part: (index: Int, count: Int) = (0, 1)
    ) {
        guard case .winograd(let kernel) = kernel else { preconditionFailure("no Winograd convolution") }
        kernel.forward(
            source: source, weights: weights, bias: hasBias ? bias : nil, addend: addend,
            destination: destination, scratch: scratch.floats(kernel.forwardScratch), rows: rows, part: part)
    }
}
