import Imaging
import LIIF
import Logging
import Synchronization

/// Feature tiles of served images: from memory, from the `.liif` file that is served or from the folder of such, or
/// encoded from the picture when they are first needed.
final class FeatureStore: Sendable {
    /// What of a picture is encoded: its colours, or its alpha as a grey picture of its own.
    enum Plane: Sendable { case colours, alpha }

    struct Key: Hashable, Sendable {
        let identifier: String
        let plane: Plane
        let position: FeatureTiling.Position
    }

    let cache: ByteBoundedCache<Key, FeatureTile>
    let renderers: TileRenderers
    let modelDigest: String
    private let pictures: PictureStore
    private let folder: FeatureFolder?
    private let metrics: Metrics
    /// Encoding takes all cores: one tile at a time, and none twice.
    private let encoding = Mutex<Void>(())

    init(
        _ renderers: TileRenderers, pictures: PictureStore, options: ServerOptions, metrics: Metrics,
        logger: Logger
    ) throws {
        self.renderers = renderers
        self.pictures = pictures
        self.metrics = metrics
        modelDigest = renderers.model.digest()
        cache = ByteBoundedCache(limit: options.featureCacheBytes)
        folder = try options.featureFolder.map {
            try FeatureFolder($0, limit: options.featureFolderBytes, logger: logger)
        }
    }

    /// How an image's features are cut.
    func tiling(_ image: ServedImage) throws -> FeatureTiling {
        guard image.isFeatureFile else { return FeatureTiling(height: image.height, width: image.width) }
        let tiling = try image.read { try FeatureFile(path: $0).header.tiling }
        guard (tiling.width, tiling.height) == (image.width, image.height) else {
            throw ImageChanged(path: image.path)
        }
        return tiling
    }

    /// The continuous image of a served one.
    /// - Parameters:
    ///   - plane: The alpha only of pictures of which `encodedPicture` has one.
    ///   - checkpoint: Called now and then while something is encoded; throws to give up.
    func image(
        _ image: ServedImage, _ plane: Plane, checkpoint: @escaping @Sendable () throws -> Void
    ) throws -> TiledImage {
        let tiling = try tiling(image)
        let pictures = pictures
        return TiledImage(
            renderers, tiling: tiling,
            tile: { try self.tile($0, of: image, plane, tiling, checkpoint: checkpoint) },
            pixels: { FloatImage(try pictures.encodedPicture(image).part($0, of: plane).rgb()) })
    }

    private func tile(
        _ position: FeatureTiling.Position, of image: ServedImage, _ plane: Plane, _ tiling: FeatureTiling,
        checkpoint: () throws -> Void
    ) throws -> FeatureTile {
        let key = Key(identifier: image.identifier, plane: plane, position: position)
        if let tile = cache.value(key) { return tile }
        return try encoding.withLock { _ in
            if let tile = cache.value(key) { return tile }
            let tile: FeatureTile
            let name = name(image, plane, position)
            if image.isFeatureFile && plane == .colours {
                tile = try image.read { path in
                    let file = try FeatureFile(path: path)
                    try file.check(renderers.model)
                    return try file.tile(position)
                }
            } else if let stored = folder?.tile(
                name, tiling.rectangle(position),
                channels: renderers.model.configuration.encoder.featureChannels)
            {
                tile = stored
                metrics.featureTilesRead.increment()
            } else {
                let picture = try pictures.encodedPicture(image)
                tile = try renderers.model.encodeTile(
                    position, of: tiling, precision: renderers.precision.features,
                    pixels: { FloatImage(picture.part($0, of: plane).rgb()) },
                    checkpoint: checkpoint)
                metrics.featureTilesEncoded.increment()
                folder?.keep(
                    tile, pixels: picture.part(tile.rectangle, of: plane), name: name,
                    modelDigest: modelDigest)
            }
            cache.insert(tile, for: key, bytes: tile.byteCount)
            return tile
        }
    }

    /// What a tile on disk belongs to, as a text that is hashed to its name.
    private func name(_ image: ServedImage, _ plane: Plane, _ position: FeatureTiling.Position) -> String {
        "\(modelDigest) \(renderers.precision.features) \(image.path) \(image.fingerprint) \(plane) "
            + "\(position.row) \(position.column)"
    }
}

extension Image where Sample == UInt8 {
    /// The pixels of a part, or their alpha as a grey picture.
    fileprivate func part(_ part: LatentRectangle, of plane: FeatureStore.Plane) -> Image<UInt8> {
        let part = cropped(y: part.y, x: part.x, height: part.height, width: part.width)
        return plane == .alpha ? part.channel(channels - 1) : part
    }
}
