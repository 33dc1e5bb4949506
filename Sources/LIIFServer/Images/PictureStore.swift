import ImageCodecs
import Imaging
import LIIF
import Synchronization

/// Decoded pictures, of 8 bits, byte-bounded.
final class PictureStore: Sendable {
    struct Key: Hashable, Sendable {
        let identifier: String
        /// Whether it is as the encoder sees it.
        let isEncoded: Bool
    }

    let cache: ByteBoundedCache<Key, Image<UInt8>>
    /// One picture is decoded at a time, and once.
    private let decoding = Mutex<Void>(())
    private let pixelLimit: Int

    init(_ options: ServerOptions) {
        cache = ByteBoundedCache(limit: options.pictureCacheBytes)
        pixelLimit = options.pixelLimit
    }

    /// The picture of a served file.
    /// - Throws: the decoders' errors; `ImageChanged` for a file that has changed since the start.
    func picture(_ image: ServedImage) throws -> Image<UInt8> {
        try picture(image, Key(identifier: image.identifier, isEncoded: false)) { try read(image) }
    }

    /// The picture as the encoder sees it, and a `.liif` file keeps it: transparent pixels have the colours of visible ones
    /// (`HiddenColourFill`). It has no alpha where all is opaque.
    /// - Throws: as `picture`.
    func encodedPicture(_ image: ServedImage) throws -> Image<UInt8> {
        guard image.channels % 2 == 0 else { return try picture(image) }
        return try picture(image, Key(identifier: image.identifier, isEncoded: true)) {
            let picture = try read(image)
            guard picture.isTransparent else {
                return image.channels == 2 ? picture.channel(0) : picture.rgb()
            }
            return image.isFeatureFile ? picture : picture.fillingHiddenColours()
        }
    }

    private func picture(_ image: ServedImage, _ key: Key, read: () throws -> Image<UInt8>) throws -> Image<
        UInt8
    > {
        if let picture = cache.value(key) { return picture }
        return try decoding.withLock { _ in
            if let picture = cache.value(key) { return picture }
            let picture = try read()
            cache.insert(picture, for: key, bytes: picture.samples.count)
            return picture
        }
    }

    private func read(_ image: ServedImage) throws -> Image<UInt8> {
        let picture = try image.read { path in
            image.isFeatureFile
                ? try FeatureFile(path: path).rows(0..<image.height, as: UInt8.self)
                : try Image<UInt8>.read(from: path, pixelLimit: pixelLimit, inSRGB: true)
        }
        // Its extent is what it was as well, unless its writer set its time back.
        guard (picture.width, picture.height, picture.channels) == (image.width, image.height, image.channels)
        else { throw ImageChanged(path: image.path) }
        return picture
    }
}
