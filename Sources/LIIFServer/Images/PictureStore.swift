import ImageCodecs
import Imaging
import LIIF
import Synchronization

/// Decoded pictures, of 8 bits, byte-bounded.
final class PictureStore: Sendable {
    let cache: ByteBoundedCache<String, Image<UInt8>>
    /// One picture is decoded at a time, and once.
    private let decoding = Mutex<Void>(())
    private let pixelLimit: Int

    init(_ options: ServerOptions) {
        cache = ByteBoundedCache(limit: options.pictureCacheBytes)
        pixelLimit = options.pixelLimit
    }

    /// The picture of a served file.
    /// - Throws: the decoders' errors, also for a file that has changed its extent since the start.
    func picture(_ image: ServedImage) throws -> Image<UInt8> {
        if let picture = cache.value(image.identifier) { return picture }
        return try decoding.withLock { _ in
            if let picture = cache.value(image.identifier) { return picture }
            let picture =
                image.isFeatureFile
                ? try FeatureFile(path: image.path).rows(0..<image.height, as: UInt8.self)
                : try Image<UInt8>.read(from: image.path, pixelLimit: pixelLimit, inSRGB: true)
            guard
                (picture.width, picture.height, picture.channels) == (
                    image.width, image.height, image.channels
                )
            else { throw ImageChanged(path: image.path) }
            cache.insert(picture, for: image.identifier, bytes: image.byteCount)
            return picture
        }
    }
}

/// A served file is no longer what it was at the start.
struct ImageChanged: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): the file has changed since the server started; start it again." }
}
