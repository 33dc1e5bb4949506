import Imaging
import NeuralNetwork
import Tensors

/// Turns the rows of an image into the rows of its feature map, strip by strip, and keeps the image's own
/// rows beside them for the input skip.
///
/// A low and wide image is encoded at once instead, panel by panel from the left. Strips hold rows of every layer (64 kB to a
/// column of EDSR-baseline's, however low the image is), panels but the features (at the most 32 kB to a column).
final class ImageEncoder {
    /// The most rows of an image that is encoded in panels, and the columns of a panel without its margins.
    static let panelRows = 128, panelColumns = 2048

    /// The image's extent.
    let height, width: Int
    let precision: Precision
    /// With an up-sampling module the enlarged image.
    let features: FeatureMap
    /// Columns of the image that the network takes in at once.
    let columnsAtOnce: Int
    /// Rows of `features` to one of the image.
    private let scale: Int
    /// The image, normalised, [rows, W, 3] in float32.
    let pixels: RowWindow
    private let normalization: PixelNormalization
    /// The network at work, and what gives the next rows of the image in 0…1; nil when all features are there, for they
    /// take more memory than those of a small image.
    private var work: (network: Network, source: (_ count: Int) throws -> FloatImage)?
    /// Why the work ended early: rows are missing behind it.
    private var failure: (any Error)?

    private enum Network {
        case strips(GraphStream)
        case panels(LIIFModel)
    }

    /// Whether images of a width are encoded in panels, if they are low.
    static func isWide(_ width: Int) -> Bool { width > 2 * panelColumns }

    /// - Parameters:
    ///   - keepsAll: Whether all rows stay in memory; otherwise those that are discarded leave it.
    ///   - isPanel: Whether it is a panel itself.
    ///   - source: Gives the next rows, as many as asked for, of full width and three channels.
    init(
        _ model: LIIFModel, height: Int, width: Int, precision: Precision, keepsAll: Bool,
        isPanel: Bool = false, source: @escaping (_ count: Int) throws -> FloatImage
    ) throws {
        self.height = height
        self.width = width
        self.precision = precision
        let graph = model.network.encoder
        scale = graph.scales[graph.output.index]
        normalization = model.normalization
        let capacity: Int
        if !isPanel && height <= Self.panelRows && Self.isWide(width)
            && model.configuration.fixedScale == nil
        {
            columnsAtOnce = min(width, Self.panelColumns + 2 * model.receptiveRadius)
            capacity = height
            work = (.panels(model), source)
        } else {
            let stream = try GraphStream(
                graph, parameters: model.parameters, height: height, width: width, precision: precision)
            columnsAtOnce = width
            capacity = keepsAll ? height : 4 * stream.stripRows
            work = (.strips(stream), source)
        }
        features = FeatureMap(
            height: height * scale, width: width * scale, channels: graph.channels[graph.output.index],
            precision: model.configuration.fixedScale == nil ? precision : .float32,
            capacity: capacity * scale)
        pixels = RowWindow(height: height, rowBytes: width * 12, capacity: capacity)
    }

    /// An encoder that is fed from a whole image.
    /// - Parameters:
    ///   - image: Colours in 0…1, three channels.
    ///   - isPanel: Whether it is a panel of a larger one.
    convenience init(
        _ model: LIIFModel, _ image: FloatImage, precision: Precision, keepsAll: Bool, isPanel: Bool = false
    ) throws {
        var next = 0
        try self.init(
            model, height: image.height, width: image.width, precision: precision, keepsAll: keepsAll,
            isPanel: isPanel
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
                switch work.network {
                case .strips(let stream): try advance(stream, from: work.source)
                case .panels(let model): try encodePanels(by: model, from: work.source)
                }
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
            normalize(try source(rows.count), rows: rows.count, into: destination)
            copyBytes(
                to: pixels.append(rows.count), from: destination, count: rows.count * width * 12)
        } take: { rows, values in
            features.append(rows.count, from: values)
        }
    }

    /// Encodes all rows. Each panel's margins of the receptive radius make its latents the whole image's, up to the order of
    /// rounding.
    private func encodePanels(by model: LIIFModel, from source: (_ count: Int) throws -> FloatImage) throws {
        let image = try source(height)
        normalize(image, rows: height, into: pixels.append(height).assumingMemoryBound(to: Float.self))
        let latentBytes = features.channels * features.precision.bytes
        for left in stride(from: 0, to: width, by: Self.panelColumns) {
            let panel = LatentRectangle(
                y: 0, x: left, height: height, width: min(Self.panelColumns, width - left))
            let part = panel.expanded(by: model.receptiveRadius, height: height, width: width)
            let encoder = try ImageEncoder(
                model, image.cropped(columns: part.x..<part.right), precision: precision, keepsAll: true,
                isPanel: true)
            try encoder.encode(before: height)
            for y in 0..<height {
                copyBytes(
                    to: features.row(y) + left * latentBytes,
                    from: encoder.features.row(y) + (left - part.x) * latentBytes,
                    count: panel.width * latentBytes)
            }
        }
        // There is memory for all rows; only now do they count as there.
        _ = features.append(height)
    }

    /// Takes rows of the source into the network's units, [rows, W, 3].
    private func normalize(_ image: FloatImage, rows: Int, into destination: UnsafeMutablePointer<Float>) {
        precondition(
            image.height == rows && image.width == width && image.channels == 3,
            "the source gave \(image.width)×\(image.height) pixels of \(image.channels) channels")
        for i in 0..<(rows * width) {
            for c in 0..<3 {
                destination[3 * i + c] = normalization.input.normalized(image.values[3 * i + c], channel: c)
            }
        }
    }

    /// Rows of `features` above this one are not needed any more.
    func discard(before row: Int) {
        features.discard(before: row)
        pixels.discard(before: row / scale)
    }
}
