public import Imaging
import NeuralNetwork
public import Tensors

/// Up-scales an image that arrives in strips of rows and is taken in strips of rows, in memory that grows with
/// the widths but not with the heights.
///
/// Of a region, only the part of the source is encoded that its pixels depend on: its latents, their 3×3
/// neighbourhood and the encoder's receptive field around them. The features of that part have the same
/// arithmetic as the whole picture's, so in float32 a region equals the crop of the whole up to the order of
/// rounding: oneDNN chooses its kernels by the width of what it is given.
public final class UpscalingStream {
    private let normalization: PixelNormalization.Affine
    private let encoder: ImageEncoder
    private let renderer: Renderer
    private let grid: PixelGrid
    private var rendered: Int

    /// The rows and columns of the source that are encoded.
    package let window: (rows: Range<Int>, columns: Range<Int>)

    /// - Parameters:
    ///   - model: Encodes and decodes.
    ///   - height: Extent of the source in pixels.
    ///   - width: Extent of the source in pixels.
    ///   - region: The part to show, inside the source; nil for all.
    ///   - outputHeight: Rows of the result, at least 1.
    ///   - outputWidth: Columns of the result, at least 1.
    ///   - firstRow: The row of the result to begin with, below `outputHeight`: those above it are there already.
    ///     The others are the same to the bit, wherever it begins.
    ///   - precision: What the networks multiply in; by default the fastest that the processor has.
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one.
    ///   - source: Gives the next rows of the source from its top, as many as asked for, of full width and three
    ///     channels, colours in 0…1. Rows below what the region needs are not asked for.
    public init(
        _ model: LIIFModel, height: Int, width: Int, region: Region? = nil, outputHeight: Int,
        outputWidth: Int, firstRow: Int = 0, precision: Precision = .fastest, cell: Cell? = nil,
        source: @escaping (_ count: Int) throws -> FloatImage
    ) throws {
        let configuration = model.configuration
        let whole = PixelGrid(
            region ?? Region(y: 0, x: 0, height: Double(height), width: Double(width)),
            height: outputHeight, width: outputWidth, sourceHeight: height, sourceWidth: width,
            ensemble: configuration.localEnsemble, cell: cell)
        let reach = configuration.unfoldingExtent / 2 + model.receptiveRadius
        let rows = whole.rows.window(of: firstRow..<outputHeight, reach: reach)
        let columns = whole.columns.window(of: 0..<outputWidth, reach: reach)
        precondition((0..<outputHeight).contains(firstRow), "there is no row \(firstRow)")
        rendered = firstRow
        window = (rows, columns)
        grid = whole.shifted(toRow: rows.lowerBound, column: columns.lowerBound)
        normalization = model.normalization.truth
        var isAtWindow = false
        encoder = try ImageEncoder(
            model, height: rows.count, width: columns.count, precision: precision, keepsAll: false
        ) { count in
            if !isAtWindow {
                var left = rows.lowerBound
                while left > 0 { left -= try source(min(left, 64)).height }
                isAtWindow = true
            }
            return try source(count).cropped(columns: columns)
        }
        renderer = try Renderer(model, width: columns.count, precision: precision)
        renderer.setCell(of: grid)
    }

    /// The next strip of the result, colours in 0…1; nil after the last.
    public func next() throws -> FloatImage? {
        guard rendered < grid.rows.count else { return nil }
        let rows = try renderer.predictBand(from: rendered, of: grid, source: encoder, passesThrough: true)
        rendered = rows.upperBound
        return normalization.image(renderer.colours.floats, height: rows.count, width: grid.columns.count)
    }
}
