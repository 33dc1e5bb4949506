import CTensorKernels

/// A 3×3 convolution by Winograd's F(4×4, 3×3): a quarter of a direct convolution's products, with rounding errors a few times
/// its own (Docs/Decisions/0016-winograd.md). It computes in float32, also where maps are BF16: there the products that it
/// saves are more than what BF16 multiplies faster.
///
/// Outputs are made in tiles of 4×4 whose grid begins at the map's upper left corner. What a tile computes depends on its
/// place in the grid, so strips of a map give the whole map's bits if each begins at a multiple of `tile` rows.
package struct WinogradConvolution: Hashable, Sendable {
    /// Extent of a tile of outputs.
    package static let tile = Int(LIIF_WINOGRAD_TILE)
    /// The instruction sets that this processor runs, by number; the last is the fastest.
    package static let variants = 0...Int(liif_winograd_fastest())

    package let shape: ConvolutionShape
    private let source, destination: Precision
    private let rectified: Bool
    private let variant: Int
    /// Whether it takes the weights of the convolution whose `transposed` it is.
    private var isTransposed = false

    /// Whether there is such a convolution for a shape.
    package static func supports(_ shape: ConvolutionShape) -> Bool {
        let group = Int(LIIF_WINOGRAD_CHANNELS)
        return shape.kernel == 3 && shape.inputChannels % group == 0 && shape.outputChannels % group == 0
            && shape.outputHeight > 0
    }

    /// Whether there is one that is faster than oneDNN's for maps of a number format: not for BF16 where the processor
    /// multiplies it in tiles (AMX), many times as fast as float32.
    package static func pays(_ shape: ConvolutionShape, _ precision: Precision) -> Bool {
        supports(shape) && !(precision == .bfloat16 && OneDNN.multipliesBFloat16InTiles)
    }

    /// - Parameters:
    ///   - source: Element type of the source, and of both maps that the weights' gradient is made from.
    ///   - destination: Of what `forward` makes and adds to.
    ///   - relu: Rectifies at the end.
    package init(
        _ shape: ConvolutionShape, source: Precision = .float32, destination: Precision = .float32,
        relu: Bool = false, variant: Int = Self.variants.upperBound
    ) {
        precondition(Self.supports(shape) && Self.variants.contains(variant))
        self.shape = shape
        (self.source, self.destination) = (source, destination)
        rectified = relu
        self.variant = variant
    }

    private var specification: liif_winograd { specification(rows: shape.outputHeight) }

    private func specification(rows: Int) -> liif_winograd {
        liif_winograd(
            height: shape.padsRows ? rows : rows + 2, width: shape.width, inputs: shape.inputChannels,
            outputs: shape.outputChannels, padRows: shape.padsRows ? 1 : 0, relu: rectified ? 1 : 0,
            sourceIsBF16: source == .bfloat16 ? 1 : 0, destinationIsBF16: destination == .bfloat16 ? 1 : 0,
            variant: Int32(variant))
    }

    /// The convolution that takes the gradient of the result of one of `shape` to its source's; nil without padding.
    static func transposed(
        _ shape: ConvolutionShape, gradient: Precision, sourceGradient: Precision
    ) -> WinogradConvolution? {
        guard shape.padsRows else { return nil }
        var result = WinogradConvolution(
            ConvolutionShape(
                height: shape.height, width: shape.width, inputChannels: shape.outputChannels,
                outputChannels: shape.inputChannels, kernel: 3),
            source: gradient, destination: sourceGradient)
        result.isTransposed = true
        return result
    }

    // MARK: Weights

    /// Floats of the weights as `forward` wants them.
    package var packedCount: Int { withUnsafePointer(to: specification) { liif_winograd_weights($0) } }

    /// Puts plain weights into this convolution's layout.
    package func pack(
        _ parameters: UnsafePointer<Float>, _ weights: PlainWeights,
        into packed: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: specification) {
            liif_winograd_pack(
                $0, packed, parameters + weights.offset, weights.rowStride, isTransposed ? 1 : 0)
        }
    }

    // MARK: Forward

    /// Floats of scratch memory that `forward` needs.
    package var forwardScratch: Int {
        withUnsafePointer(to: specification) { liif_winograd_forward_scratch($0) }
    }

    /// Tiles of the result, row by row.
    package var tileCount: Int { withUnsafePointer(to: specification) { liif_winograd_tiles($0) } }

    /// destination = [addend +] source ∗ weights [+ bias], rectified on request.
    /// - Parameters:
    ///   - addend: As large as the destination and of its element type, or the destination itself.
    ///   - rows: Rows of the result, at the most the shape's.
    ///   - part: Which share of the tiles to make, of how many.
    package func forward(
        source: UnsafeRawPointer, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        addend: UnsafeRawPointer?, destination: UnsafeMutableRawPointer,
        scratch: UnsafeMutablePointer<Float>, rows: Int, part: (index: Int, count: Int)
    ) {
        withUnsafePointer(to: specification(rows: rows)) {
            let tiles = liif_winograd_tiles($0)
            liif_winograd_forward(
                $0, source, weights, bias, addend, destination, scratch,
                tiles * part.index / part.count, tiles * (part.index + 1) / part.count)
        }
    }

    // MARK: Weights' gradient

    /// Floats of scratch memory that `weightGradient` needs, and of its result.
    package var gradientScratch: Int {
        withUnsafePointer(to: specification) { liif_winograd_gradient_scratch($0) }
    }
    package var gradientCount: Int { 9 * shape.inputChannels * shape.outputChannels }

    /// weightGradient = source ⋆ gradient, in a layout that `unpack` reads; biasGradient = the sum over positions.
    package func weightGradient(
        source: UnsafeRawPointer, gradient: UnsafeRawPointer,
        into weightGradient: UnsafeMutablePointer<Float>, bias biasGradient: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: specification) {
            liif_winograd_weight_gradient($0, source, gradient, weightGradient, biasGradient, scratch)
        }
    }

    /// Puts `weightGradient`'s result into plain weights.
    package func unpack(
        _ gradient: UnsafePointer<Float>, into parameters: UnsafeMutablePointer<Float>,
        _ weights: PlainWeights
    ) {
        withUnsafePointer(to: specification) {
            liif_winograd_unpack($0, gradient, parameters + weights.offset, weights.rowStride)
        }
    }
}
