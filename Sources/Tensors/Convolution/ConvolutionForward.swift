/// destination = [destination +] source ∗ weights [+ bias], rectified on request. One worker's.
package final class ConvolutionForward {
    private let kernel: ConvolutionKernel<DirectForward>
    private let hasBias, accumulates: Bool
    private let scratch: ConvolutionScratch

    /// - Parameters:
    ///   - source: Element type of the source and the weights.
    ///   - accumulate: Adds to what the destination holds.
    package init(
        _ shape: ConvolutionShape, source: Precision, destination: Precision, bias: Bool = true,
        accumulate: Bool = false, relu: Bool = false, algorithm: ConvolutionAlgorithm = .direct,
        scratch: ConvolutionScratch = ConvolutionScratch()
    ) throws {
        hasBias = bias
        accumulates = accumulate
        self.scratch = scratch
        kernel = try ConvolutionKernel(
            algorithm, shape, source,
            winograd: WinogradConvolution(shape, source: source, destination: destination, relu: relu),
            direct: DirectForward(
                shape, source: source, destination: destination, bias: bias, accumulate: accumulate,
                relu: relu))
    }

    /// Bytes of the weights in this operation's own layout.
    package var weightByteCount: Int { kernel.weightByteCount }

    /// Puts plain weights into this operation's layout and element type.
    package func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights, into packed: UnsafeMutableRawPointer
    ) throws { try kernel.pack(parameters, weights, into: packed) }

    package func callAsFunction(
        source: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer, bias: UnsafeMutableRawPointer?,
        destination: UnsafeMutableRawPointer
    ) {
        switch kernel {
        case .direct(let kernel):
            kernel(source: source, weights: weights, bias: bias, destination: destination)
        case .winograd(let kernel):
            makeTiles(
                source: source, weights: weights.assumingMemoryBound(to: Float.self),
                bias: bias?.assumingMemoryBound(to: Float.self),
                addend: accumulates ? UnsafeRawPointer(destination) : nil, destination: destination,
                rows: kernel.shape.outputHeight)
        }
    }

    // MARK: Shares of a Winograd convolution

    /// Tiles of the whole result; 0 for a direct convolution, which has none.
    package var tileCount: Int {
        switch kernel {
        case .direct: 0
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
        guard case .winograd(let kernel) = kernel else { preconditionFailure("a direct convolution") }
        kernel.forward(
            source: source, weights: weights, bias: hasBias ? bias : nil, addend: addend,
            destination: destination, scratch: scratch.floats(kernel.forwardScratch), rows: rows, part: part)
    }
}
