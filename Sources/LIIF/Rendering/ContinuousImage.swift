public import Imaging
import Synchronization
import Tensors

/// An image that has a colour at every coordinate (§3): a feature map and the function that decodes it. It
/// is rendered, whole or in part, at any resolution.
public final class ContinuousImage: Sendable {
    /// The model that decodes it.
    public let model: LIIFModel
    /// The source's extent in pixels.
    public let height, width: Int
    /// The number format that it is decoded in.
    public let precision: InferencePrecision
    private let state: Mutex<State>

    /// The renderer is made when it is first needed, and renders one picture at a time.
    private struct State: @unchecked Sendable {
        let encoder: ImageEncoder
        var renderer: (any Renderer)?
    }

    /// - Parameter encoder: Has encoded all rows and kept them.
    init(_ model: LIIFModel, encoder: ImageEncoder, precision: InferencePrecision) {
        self.model = model
        height = encoder.height
        width = encoder.width
        self.precision = precision
        let initial = State(encoder: encoder)
        state = Mutex(initial)
    }

    /// The latent codes, [H, W, D]; of an up-sampling module of scale s the picture that it made, [s·H, s·W, 3] in
    /// normalised units.
    public var features: [Float] { state.withLock { $0.encoder.features.values } }

    /// The whole source.
    public var bounds: Region { Region(y: 0, x: 0, height: Double(height), width: Double(width)) }

    /// The image, or a part of it, at any resolution: smaller, larger, stretched.
    /// - Parameters:
    ///   - region: The part to show, inside `bounds`; nil for all.
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one, within the model's limit.
    /// - Returns: Colours in 0…1, [height, width, 3].
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for.
    public func rendered(_ region: Region? = nil, height: Int, width: Int, cell: Cell? = nil) throws
        -> FloatImage
    {
        var values: [Float] = []
        values.reserveCapacity(height * width * 3)
        try render(region, height: height, width: width, cell: cell) { values.append(contentsOf: $0.values) }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }

    /// As `rendered`, but strip by strip from the top, in memory that does not grow with the result.
    /// - Parameters:
    ///   - region: The part to show, inside `bounds`; nil for all.
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one, within the model's limit.
    ///   - strip: Receives consecutive strips of full width. It must not use the same image: it works on one thing at a
    ///     time, and other threads that ask it for something wait.
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for; what `strip` throws.
    public func render(
        _ region: Region? = nil, height: Int, width: Int, cell: Cell? = nil,
        strip: (FloatImage) throws -> Void
    ) throws {
        try predict(region, height: height, width: width, cell: cell) { rows, colours in
            try strip(model.normalization.truth.image(colours, height: rows.count, width: width))
        }
    }

    /// The decoder's own output, in normalised units and not clamped, [height, width, 3].
    package func predictions(height: Int, width: Int) throws -> [Float] {
        var values: [Float] = []
        try predict(nil, height: height, width: width, cell: nil) { rows, colours in
            values.append(contentsOf: UnsafeBufferPointer(start: colours, count: rows.count * width * 3))
        }
        return values
    }

    private func predict(
        _ region: Region?, height: Int, width: Int, cell: Cell?,
        band: (Range<Int>, UnsafeMutablePointer<Float>) throws -> Void
    ) throws {
        let view = PixelView(
            region, height: height, width: width, sourceHeight: self.height, sourceWidth: self.width,
            cell: cell)
        try state.withLock { state in
            let renderer = try state.renderer ?? model.renderer(state.encoder, precision: precision)
            state.renderer = renderer
            try renderer.render(view, passesThrough: false, band: band)
        }
    }
}
