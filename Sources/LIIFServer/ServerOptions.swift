package import IIIF
import ImageCodecs

/// What `liif serve` is told.
package struct ServerOptions: Sendable {
    /// Where to listen.
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8080
    /// What clients see before the path where a proxy stands in between, `https://example.org/pictures` for example;
    /// nil takes each request's Host.
    package var publicURL: String?
    /// The largest N of `photo@Nx`.
    package var largestFactor = 16
    /// How large a returned image may be.
    package var limits = SizeLimits(width: 8192, height: 8192, area: 1 << 24)
    /// Pixels that a served file may have.
    package var pixelLimit = ImageFile.defaultPixelLimit
    /// Bytes of rendered images, of feature tiles and of decoded pictures that stay in memory. Images on their way to clients
    /// may take as much as rendered ones once more.
    package var imageCacheBytes = Megabytes.bytes(256)
    package var featureCacheBytes = Megabytes.bytes(512)
    package var pictureCacheBytes = Megabytes.bytes(512)
    /// Where feature tiles stay on disk, and how many bytes of them; nil for nowhere.
    package var featureFolder: String?
    package var featureFolderBytes = Megabytes.bytes(4096)
    /// Requests that wait for a renderer; more are answered 503.
    package var queueLength = 64
    /// Seconds that clients may keep images.
    package var maximumAge = 86_400
    /// Requests per second and client (`ClientNetwork`), in bursts of ten times as many; nil for any number.
    package var requestsPerSecond: Double?
    /// Connections at once.
    package var connections = 512
    /// Seconds until a connection is closed that sends no request, or takes less than 64 KiB of its answer.
    package var idleSeconds = 30
    /// Seconds that requests have left when the server is told to end.
    package var shutdownSeconds = 20
    /// JPEG's quality.
    package var jpegQuality = 90

    package init() {}
}
