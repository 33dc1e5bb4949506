public import Imaging
import Synchronization
public import Tensors

/// A part of an image in the source's pixels; pixel (0, 0) covers 0…1 in both axes.
public struct Region: Sendable, Equatable {
    /// Top and left edge.
    public var y, x: Double
    /// Extent; above 0.
    public var height, width: Double

    public init(y: Double, x: Double, height: Double, width: Double) {
        self.y = y
        self.x = x
        self.height = height
        self.width = width
    }
}

/// An image that has a colour at every coordinate (§3): a feature map and the function that decodes it. It
/// is rendered, whole or in part, at any resolution.
public final class ContinuousImage: Sendable {
    /// The model that decodes it.
    public let model: LIIFModel
    /// The source's extent in pixels.
    public let height, width: Int
    package let featureMap: FeatureMap
    private let pixels: AlignedBuffer
    /// Made when it is first needed; one rendering at a time.
    private let renderer = Mutex<RendererBox>(RendererBox())

    private struct RendererBox: @unchecked Sendable {
        var renderer: Renderer?
    }

    /// - Parameter pixels: The source, [H, W, 3], normalised.
    init(_ model: LIIFModel, features: FeatureMap, pixels: AlignedBuffer) {
        self.model = model
        featureMap = features
        height = features.height
        width = features.width
        self.pixels = pixels
    }

    /// The number format that it is decoded in.
    public var precision: Precision { featureMap.precision }

    /// The latent codes, [H, W, D].
    public var features: [Float] { featureMap.values }

    /// The whole source.
    public var bounds: Region { Region(y: 0, x: 0, height: Double(height), width: Double(width)) }

    /// The image, or a part of it, at any resolution: smaller, larger, stretched.
    /// - Parameters:
    ///   - region: The part to show, inside `bounds`; nil for all.
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one.
    /// - Returns: Colours in 0…1, [height, width, 3].
    public func rendered(_ region: Region? = nil, height: Int, width: Int, cell: Cell? = nil) throws -> FloatImage {
        var values: [Float] = []
        values.reserveCapacity(height * width * 3)
        try render(region, height: height, width: width, cell: cell) { values.append(contentsOf: $0.values) }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }

    /// As `rendered`, but strip by strip from the top, in memory that does not grow with the result.
    /// - Parameter strip: Receives consecutive strips of full width.
    public func render(
        _ region: Region? = nil, height: Int, width: Int, cell: Cell? = nil,
        strip: (FloatImage) throws -> Void
    ) throws {
        let truth = model.normalization.truth
        try predict(region, height: height, width: width, cell: cell) { rows, colours in
            let values = [Float](unsafeUninitializedCapacity: rows.count * width * 3) { buffer, count in
                for i in 0..<(rows.count * width) {
                    for c in 0..<3 {
                        let value = truth.denormalized(colours[3 * i + c], channel: c)
                        buffer[3 * i + c] = min(max(value, 0), 1)
                    }
                }
                count = rows.count * width * 3
            }
            try strip(FloatImage(height: rows.count, width: width, channels: 3, values: values))
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
        precondition(height > 0 && width > 0, "a picture of \(width)×\(height) pixels cannot be rendered")
        let region = region ?? bounds
        precondition(
            region.y >= 0 && region.x >= 0 && region.height > 0 && region.width > 0
                && region.y + region.height <= Double(self.height)
                && region.x + region.width <= Double(self.width), "the region is not inside the image")
        let ensemble = model.configuration.localEnsemble
        let rows = PixelAxis(
            start: region.y, extent: region.height, count: height, latents: self.height, ensemble: ensemble,
            cell: cell?.height)
        let columns = PixelAxis(
            start: region.x, extent: region.width, count: width, latents: self.width, ensemble: ensemble,
            cell: cell?.width)
        try renderer.withLock { box in
            let renderer = try box.renderer ?? makeRenderer()
            box.renderer = renderer
            try renderer.render(rows: rows, columns: columns, band: band)
        }
    }

    private func makeRenderer() throws -> Renderer {
        try Renderer(
            model, features: featureMap,
            skip: InputSkip(pixels: UnsafePointer(pixels.floats), height: height, width: width))
    }
}
