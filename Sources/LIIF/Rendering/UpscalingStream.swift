public import Imaging
import NeuralNetwork
import Tensors

/// A way to up-scale an image that arrives in strips; `UpscalingStream` says what the arguments are.
package protocol StripUpscaler: AnyObject {
    init(
        _ model: LIIFModel, height: Int, width: Int, region: Region?, outputHeight: Int, outputWidth: Int,
        firstRow: Int, precision: InferencePrecision, cell: Cell?,
        source: @escaping (_ count: Int) throws -> FloatImage) throws

    /// The rows and columns of the source that are encoded.
    var window: (rows: Range<Int>, columns: Range<Int>) { get }

    /// The next strip of the result, colours in 0…1; nil after the last.
    func next() throws -> FloatImage?
}

/// Up-scales an image that arrives in strips of rows and is taken in strips of rows, in memory that grows with
/// the widths but not with the heights.
///
/// Of a region, only the part of the source is encoded that its pixels depend on: its latents, their 3×3
/// neighbourhood and the encoder's receptive field around them. The features of that part have the same
/// arithmetic as the whole picture's, so in float32 a region equals the crop of the whole up to the order of
/// rounding: oneDNN chooses its kernels by the width of what it is given, and Winograd's tiles begin at its corner.
public final class UpscalingStream: StripUpscaler {
    private let normalization: PixelNormalization.Affine
    private let features: FeatureMap
    private let renderer: any Renderer
    private let width: Int

    /// The rows and columns of the source that are encoded.
    package let window: (rows: Range<Int>, columns: Range<Int>)

    /// Columns that the encoder takes in at once, on which its memory depends.
    package let columnsAtOnce: Int

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
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one, within the model's limit.
    ///   - source: Gives the next rows of the source from its top, as many as asked for, of full width and three
    ///     channels, colours in 0…1. Rows below what the region needs are not asked for.
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for; `TensorError` where oneDNN
    ///   refuses, as it does BF16 on a processor without it.
    public convenience init(
        _ model: LIIFModel, height: Int, width: Int, region: Region? = nil, outputHeight: Int,
        outputWidth: Int, firstRow: Int = 0, precision: InferencePrecision = .fastest, cell: Cell? = nil,
        source: @escaping (_ count: Int) throws -> FloatImage
    ) throws {
        precondition((0..<outputHeight).contains(firstRow), "there is no row \(firstRow)")
        var view = PixelView(
            region, height: outputHeight, width: outputWidth, sourceHeight: height, sourceWidth: width,
            cell: cell)
        view.firstRow = firstRow
        let (rows, columns) = model.window(of: view)
        var isAtWindow = false
        try self.init(model, view: view, precision: precision) { count in
            if !isAtWindow {
                var left = rows.lowerBound
                while left > 0 { left -= try source(min(left, 64)).height }
                isAtWindow = true
            }
            return try source(count).cropped(columns: columns)
        }
    }

    /// - Parameter windowSource: Gives the next rows of the source's `window`, of its width.
    init(
        _ model: LIIFModel, view: PixelView, precision: InferencePrecision,
        windowSource: @escaping (_ count: Int) throws -> FloatImage
    ) throws {
        window = model.window(of: view)
        normalization = model.normalization.truth
        width = view.width
        let encoder = try ImageEncoder(
            model, height: window.rows.count, width: window.columns.count, precision: precision.features,
            keepsAll: false, source: windowSource)
        features = encoder.features
        columnsAtOnce = encoder.columnsAtOnce
        renderer = try model.renderer(encoder, precision: precision)
        try renderer.begin(view.within(window), passesThrough: true)
    }

    /// Rows of features that memory has been taken for so far; with an up-sampling module rows of the enlarged picture.
    package var featureRows: Int { features.capacity }

    /// The next strip of the result, colours in 0…1; nil after the last.
    /// - Throws: what the source throws. Rows are lost then, so that every later call throws the same.
    public func next() throws -> FloatImage? {
        guard let (rows, colours) = try renderer.nextBand() else { return nil }
        return normalization.image(colours, height: rows.count, width: width)
    }
}

extension LIIFModel {
    /// What has to be encoded for a view; for an up-sampling module, whose layers have several scales, everything.
    func window(of view: PixelView) -> (rows: Range<Int>, columns: Range<Int>) {
        guard configuration.fixedScale == nil else { return (0..<view.sourceHeight, 0..<view.sourceWidth) }
        return view.window(reach: receptiveRadius, grid: network.encoder.streamGrid)
    }
}
