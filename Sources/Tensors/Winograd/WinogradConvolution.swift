import CTensorKernels

/// A 3×3 convolution in float32 by Winograd's F(4×4, 3×3): a quarter of a direct convolution's products, with rounding
/// errors a few times its own (Docs/Decisions/0016-winograd.md).
///
/// Outputs are made in tiles of 4×4 whose grid begins at the map's upper left corner. What a tile computes depends on its
/// place in the grid, so strips of a map give the whole map's bits if each begins at a multiple of `tile` rows.
package struct WinogradConvolution: Hashable, Sendable {
    /// Extent of a tile of outputs.
    package static let tile = Int(LIIF_WINOGRAD_TILE)
    /// The instruction sets that this processor runs, by number; the last is the fastest.
    package static let variants = 0...Int(liif_winograd_fastest())

    package let shape: ConvolutionShape
    private let rectified: Bool
    private let variant: Int
    /// Whether it takes the weights of the convolution whose `transposed` it is.
    private var isTransposed = false

    /// Whether there is such a convolution for a shape and a number format.
    package static func supports(_ shape: ConvolutionShape, _ precision: Precision) -> Bool {
        let group = Int(LIIF_WINOGRAD_CHANNELS)
        return shape.kernel == 3 && precision == .float32 && shape.inputChannels % group == 0
            && shape.outputChannels % group == 0 && shape.outputHeight > 0
    }

    /// - Parameter relu: Rectifies at the end.
    package init(_ shape: ConvolutionShape, relu: Bool = false, variant: Int = Self.variants.upperBound) {
        precondition(Self.supports(shape, .float32) && Self.variants.contains(variant))
        self.shape = shape
        rectified = relu
        self.variant = variant
    }

    /// Nil where there is none.
    init?(_ shape: ConvolutionShape, _ precision: Precision, relu: Bool = false) {
        guard Self.supports(shape, precision) else { return nil }
        self.init(shape, relu: relu)
    }

    private var specification: liif_winograd { specification(rows: shape.outputHeight) }

    private func specification(rows: Int) -> liif_winograd {
        liif_winograd(
            height: shape.padsRows ? rows : rows + 2, width: shape.width, inputs: shape.inputChannels,
            outputs: shape.outputChannels, padRows: shape.padsRows ? 1 : 0, relu: rectified ? 1 : 0,
            variant: Int32(variant))
    }

    /// The convolution that takes this one's result's gradient to its source's; nil without padding.
    var transposed: WinogradConvolution? {
        guard shape.padsRows else { return nil }
        var result = WinogradConvolution(
            ConvolutionShape(
                height: shape.height, width: shape.width, inputChannels: shape.outputChannels,
                outputChannels: shape.inputChannels, kernel: 3),
            variant: variant)
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
    ///   - addend: As large as the destination, or the destination itself.
    ///   - rows: Rows of the result, at the most the shape's.
    ///   - part: Which share of the tiles to make, of how many.
    package func forward(
        source: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
        addend: UnsafePointer<Float>?, destination: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, rows: Int, part: (index: Int, count: Int)
    ) {
        withUnsafePointer(to: specification(rows: rows)) {
            let tiles = liif_winograd_tiles($0)
            liif_winograd_forward(
                $0, source, weights, bias, addend, destination, scratch, tiles * part.index / part.count,
                tiles * (part.index + 1) / part.count)
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
        source: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
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
