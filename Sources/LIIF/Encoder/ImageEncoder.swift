import Imaging
import NeuralNetwork
import Tensors

/// Turns the rows of an image into the rows of its feature map, strip by strip, and keeps the image's own
/// rows beside them for the input skip.
final class ImageEncoder {
    /// The image's extent.
    let height, width: Int
    let precision: Precision
    /// With an up-sampling module the enlarged image.
    let features: FeatureMap
    /// Rows of `features` to one of the image.
    private let scale: Int
    /// The image, normalised, [rows, W, 3] in float32.
    let pixels: RowWindow
    private let normalization: PixelNormalization
    /// The network at work, and what gives the next rows of the image in 0…1; nil when all features are there, for they
    /// take more memory than those of a small image.
    private var work: (stream: GraphStream, source: (_ count: Int) throws -> FloatImage)?
    /// Why the work ended early: rows are missing behind it.
    private var failure: (any Error)?

    /// - Parameters:
    ///   - keepsAll: Whether all rows stay in memory; otherwise those that are discarded leave it.
    ///   - source: Gives the next rows, as many as asked for, of full width and three channels.
    init(
        _ model: LIIFModel, height: Int, width: Int, precision: Precision, keepsAll: Bool,
        source: @escaping (_ count: Int) throws -> FloatImage
    ) throws {
        self.height = height
        self.width = width
        self.precision = precision
        let graph = model.network.encoder
        scale = graph.scales[graph.output.index]
        normalization = model.normalization
        let stream = try GraphStream(
            graph, parameters: model.parameters, height: height, width: width, precision: precision)
        work = (stream, source)
        let capacity = keepsAll ? height : 4 * stream.stripRows
        features = FeatureMap(
            height: height * scale, width: width * scale, channels: graph.channels[graph.output.index],
            precision: model.configuration.fixedScale == nil ? precision : .float32,
            capacity: capacity * scale)
        pixels = RowWindow(height: height, rowBytes: width * 12, capacity: capacity)
    }

    /// An encoder that is fed from a whole image.
    /// - Parameter image: Colours in 0…1, three channels.
    convenience init(_ model: LIIFModel, _ image: FloatImage, precision: Precision, keepsAll: Bool) throws {
        var next = 0
        try self.init(
            model, height: image.height, width: image.width, precision: precision, keepsAll: keepsAll
        ) { count in
            defer { next += count }
            return image.cropped(rows: next..<next + count)
        }
    }

    /// Goes on until the features of all rows before `row` are there.
    /// - Throws: what the source throws, and the same at every later call that needs more rows.
    func encode(before row: Int) throws {
        while features.end < min(row, features.height), let work {
            do {
                try advance(work.stream, from: work.source)
            } catch {
                failure = error
                self.work = nil
            }
        }
        if features.end == features.height { work = nil }
        if let failure, features.end < min(row, features.height) { throw failure }
    }

    private func advance(_ stream: GraphStream, from source: (_ count: Int) throws -> FloatImage) throws {
        try stream.advance { rows, destination in
            let image = try source(rows.count)
            precondition(
                image.height == rows.count && image.width == width && image.channels == 3,
                "the source gave \(image.width)×\(image.height) pixels of \(image.channels) channels")
            for i in 0..<(rows.count * image.width) {
                for c in 0..<3 {
                    destination[3 * i + c] = normalization.input.normalized(
                        image.values[3 * i + c], channel: c)
                }
            }
            copyBytes(
                to: pixels.append(rows.count), from: destination, count: rows.count * image.width * 12)
        } take: { rows, values in
            features.append(rows.count, from: values)
        }
    }

    /// Rows of `features` above this one are not needed any more.
    func discard(before row: Int) {
        features.discard(before: row)
        pixels.discard(before: row / scale)
    }
}
