package import Imaging
import TensorFiles
import Tensors

/// A `.liif` file: a picture's features in BF16, tile by tile, its pixels beside them, and the digest of the model that
/// made them. The container is safetensors; tiles are read when they are needed.
package final class FeatureFile: Sendable {
    /// What a file says of itself.
    package struct Header: Sendable, Equatable {
        /// How the map is cut, and the picture's extent.
        package var tiling: FeatureTiling
        /// Channels of the features.
        package var featureChannels: Int
        /// Channels of the picture: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
        package var channels: Int
        /// 8 or 16: the depth of the picture that was encoded.
        package var bitsPerSample: Int
        /// `LIIFModel.digest()` of the encoder's model.
        package var modelDigest: String

        package init(
            tiling: FeatureTiling, featureChannels: Int, channels: Int, bitsPerSample: Int,
            modelDigest: String
        ) {
            (self.tiling, self.featureChannels) = (tiling, featureChannels)
            (self.channels, self.bitsPerSample) = (channels, bitsPerSample)
            self.modelDigest = modelDigest
        }
    }

    /// The ending of such files' names.
    package static let pathExtension = "liif"

    package let header: Header
    private let stream: SafetensorsStream

    /// Reads the header and checks that all tiles are there.
    /// - Throws: `TensorFileError`, `FeatureFileError.noFeatures`.
    package init(path: String) throws {
        stream = try SafetensorsStream(path: path)
        header = try Header(metadata: stream.metadata, file: path)
        // Compared before they are listed: the header may announce any number.
        guard header.tiling.rows * header.tiling.columns * 2 == stream.count else {
            throw FeatureFileError.noFeatures(
                file: path,
                reason:
                    "it has \(stream.count) tensors instead of \(header.tiling.rows * header.tiling.columns * 2)"
            )
        }
        let tensors = header.tensors
        for tensor in tensors {
            guard let found = stream.tensor(tensor.name) else {
                throw FeatureFileError.noFeatures(file: path, reason: "the tensor \(tensor.name) is missing")
            }
            guard found.elementType == tensor.elementType, found.shape == tensor.shape else {
                throw FeatureFileError.noFeatures(
                    file: path,
                    reason:
                        "the tensor \(tensor.name) is \(found.elementType.rawValue) \(found.shape) instead of "
                        + "\(tensor.elementType.rawValue) \(tensor.shape)")
            }
        }
    }

    /// Whether a file's name ends in `.liif`.
    package static func isNamed(_ path: String) -> Bool { path.lowercased().hasSuffix("." + pathExtension) }

    /// - Throws: `FeatureFileError.otherModel`; `noFeatures` where the file only says that the model made them.
    package func check(_ model: LIIFModel) throws {
        let digest = model.digest()
        guard digest == header.modelDigest else {
            throw FeatureFileError.otherModel(file: stream.path, found: header.modelDigest, expected: digest)
        }
        if let scale = model.configuration.fixedScale {
            throw FeatureFileError.fixedScale(file: stream.path, scale: scale)
        }
        let channels = model.configuration.encoder.featureChannels
        guard header.featureChannels == channels else {
            throw FeatureFileError.noFeatures(
                file: stream.path,
                reason:
                    "it has \(header.featureChannels) channels of features, and its model makes \(channels)")
        }
    }

    /// Reads a tile of features.
    /// - Throws: `TensorFileError.unreadable`.
    package func tile(_ position: FeatureTiling.Position) throws -> FeatureTile {
        let tile = FeatureTile(header.tiling.rectangle(position), channels: header.featureChannels)
        try stream.read(
            Header.featureName(position),
            into: UnsafeMutableRawBufferPointer(start: tile.values.pointer, count: tile.byteCount))
        return tile
    }

    /// Reads the pixels of a tile as stored, [h, w, channels].
    /// - Throws: `TensorFileError.unreadable`.
    private func samples<Sample: ImageSample>(_ position: FeatureTiling.Position, as: Sample.Type) throws
        -> [Sample]
    {
        let rectangle = header.tiling.rectangle(position)
        var samples = [Sample](repeating: 0, count: rectangle.height * rectangle.width * header.channels)
        try samples.withUnsafeMutableBytes { try stream.read(Header.pixelName(position), into: $0) }
        return samples
    }

    /// Some consecutive rows of the picture, converted to a depth.
    /// - Throws: `TensorFileError.unreadable`.
    package func rows<Sample: ImageSample>(_ range: Range<Int>, as type: Sample.Type) throws -> Image<Sample>
    {
        try pixels(
            LatentRectangle(y: range.lowerBound, x: 0, height: range.count, width: header.tiling.width),
            as: type)
    }

    /// Part of the picture, converted to a depth; only the tiles that it lies in are read.
    /// - Throws: `TensorFileError.unreadable`.
    package func pixels<Sample: ImageSample>(_ part: LatentRectangle, as type: Sample.Type) throws -> Image<
        Sample
    > {
        if header.bitsPerSample == 8 {
            return Image<Sample>(depthOf: try stored(part, as: UInt8.self))
        }
        return Image<Sample>(depthOf: try stored(part, as: UInt16.self))
    }

    private func stored<Sample: ImageSample>(_ asked: LatentRectangle, as type: Sample.Type) throws -> Image<
        Sample
    > {
        let channels = header.channels
        var image = Image<Sample>(width: asked.width, height: asked.height, channels: channels)
        for position in header.tiling.positions(covering: asked) {
            let rectangle = header.tiling.rectangle(position)
            let samples = try samples(position, as: type)
            let part = rectangle.intersection(asked)!
            for y in part.y..<part.bottom {
                let source = ((y - rectangle.y) * rectangle.width + part.x - rectangle.x) * channels
                let target = ((y - asked.y) * asked.width + part.x - asked.x) * channels
                image.samples.replaceSubrange(
                    target..<target + part.width * channels,
                    with: samples[source..<source + part.width * channels])
            }
        }
        return image
    }
}
