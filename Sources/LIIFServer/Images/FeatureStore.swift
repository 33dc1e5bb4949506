import Imaging
import LIIF
import Logging
import Synchronization

/// Feature tiles of served images: from memory, from the `.liif` file that is served or from the folder of such, or
/// encoded from the picture when they are first needed.
final class FeatureStore: Sendable {
    struct Key: Hashable, Sendable {
        let identifier: String
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
        return try FeatureFile(path: image.path).header.tiling
    }

    /// The continuous image of a served one.
    /// - Parameter checkpoint: Called now and then while something is encoded; throws to give up.
    func image(_ image: ServedImage, checkpoint: @escaping @Sendable () throws -> Void) throws -> TiledImage {
        let tiling = try tiling(image)
        let pictures = pictures
        return TiledImage(
            renderers, tiling: tiling,
            tile: { try self.tile($0, of: image, tiling, checkpoint: checkpoint) },
            pixels: { try pictures.picture(image).colours($0) })
    }

    private func tile(
        _ position: FeatureTiling.Position, of image: ServedImage, _ tiling: FeatureTiling,
        checkpoint: () throws -> Void
    ) throws -> FeatureTile {
        let key = Key(identifier: image.identifier, position: position)
        if let tile = cache.value(key) { return tile }
        return try encoding.withLock { _ in
            if let tile = cache.value(key) { return tile }
            let tile: FeatureTile
            if image.isFeatureFile {
                let file = try FeatureFile(path: image.path)
                try file.check(renderers.model)
                tile = try file.tile(position)
            } else if let stored = folder?.tile(name(image, position), tiling.rectangle(position)) {
                tile = stored
                metrics.featureTilesRead.increment()
            } else {
                let picture = try pictures.picture(image)
                tile = try renderers.model.encodeTile(
                    position, of: tiling, precision: renderers.precision.features,
                    pixels: { picture.colours($0) },
                    checkpoint: checkpoint)
                metrics.featureTilesEncoded.increment()
                folder?.keep(tile, picture: picture, name: name(image, position), modelDigest: modelDigest)
            }
            cache.insert(tile, for: key, bytes: tile.byteCount)
            return tile
        }
    }

    /// What a tile on disk belongs to, as a text that is hashed to its name.
    private func name(_ image: ServedImage, _ position: FeatureTiling.Position) -> String {
        "\(modelDigest) \(image.path) \(image.fingerprint) \(position.row) \(position.column)"
    }
}

extension Image where Sample == UInt8 {
    /// Colours of a part in 0…1, three channels.
    func colours(_ part: LatentRectangle) -> FloatImage {
        FloatImage(cropped(y: part.y, x: part.x, height: part.height, width: part.width).rgb())
    }
}
