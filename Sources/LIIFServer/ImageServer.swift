import Files
import Foundation
import Hummingbird
import IIIF
package import LIIF
package import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The server: what `liif serve` runs.
package struct ImageServer: Sendable {
    /// Number of images that are served.
    package var imageCount: Int { responder.catalogue.images.count }
    private let options: ServerOptions
    private let responder: Responder
    private let logger: Logger

    /// Reads the headers of all files and makes the caches.
    /// - Parameter paths: Files, and folders of files.
    /// - Throws: `ServerError`; `UnwritableFile` of the folder of feature tiles; `ImageCodecError.tooManyPixels` of a named file.
    package init(
        _ paths: [String], model: LIIFModel, precision: InferencePrecision = .fastest, options: ServerOptions,
        logger: Logger
    ) throws {
        if let scale = model.configuration.fixedScale { throw ServerError.fixedScale(scale) }
        self.options = options
        self.logger = logger
        let metrics = Metrics()
        let catalogue = try Catalogue(paths, model: model, options: options, logger: logger)
        let pictures = PictureStore(options)
        let features = try FeatureStore(
            TileRenderers(model, precision: precision), pictures: pictures, options: options,
            metrics: metrics,
            logger: logger)
        let images = ImageEndpoint(
            options: options, catalogue: catalogue,
            maker: ImageMaker(
                pictures: pictures, features: features, jpegQuality: options.jpegQuality, metrics: metrics),
            queue: RenderQueue(capacity: options.queueLength),
            cache: ByteBoundedCache(limit: options.imageCacheBytes),
            // As much as the cache once more, half of it in equal shares for the connections. Of the other half an eighth for
            // one client, unless a proxy stands in between, whose address all clients have.
            transit: AnswersInTransit(
                limit: options.imageCacheBytes / 2,
                clientLimit: options.imageCacheBytes / (options.publicURL == nil ? 16 : 2),
                share: max(options.imageCacheBytes / 2 / options.connections, ResponseBody.pieceSize)),
            metrics: metrics)
        responder = Responder(
            options: options, catalogue: catalogue, images: images,
            page: try PageEndpoint(catalogue, options: options), metrics: metrics,
            limiter: options.requestsPerSecond.map { RateLimiter(rate: $0) })
    }

    /// Serves until SIGTERM or SIGINT; requests that have begun are answered first, and those that take too long given up.
    /// - Parameter started: Told the port once connections are accepted.
    /// - Throws: `ServerError.cannotListen`.
    package func run(started: @escaping @Sendable (Int) -> Void) async throws {
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await listen(started: started))
        } catch {
            outcome = .failure(error)
        }
        responder.images.queue.close()
        await responder.images.queue.ended()
        try outcome.get()
    }

    private func cannotListen(_ reason: String) -> ServerError {
        .cannotListen(host: options.host, port: options.port, reason: reason)
    }

    private func listen(started: @escaping @Sendable (Int) -> Void) async throws {
        let idle = TimeAmount.seconds(Int64(options.idleSeconds))
        let bytesSent = responder.metrics.bytesSent
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionHandler(writeTimeout: idle, bytesSent: bytesSent)],
                    idleTimeout: idle,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8192, maxHeaderListSize: 16384, maxHeaderFieldCount: 100))),
            configuration: {
                var configuration = ApplicationConfiguration(
                    address: .hostname(options.host, port: options.port), serverName: "liif")
                configuration.availableConnectionsDelegate = .maximum(options.connections, logger: logger)
                return configuration
            }(),
            onServerRunning: { channel in started(channel.localAddress?.port ?? 0) },
            logger: logger)
        var group = ServiceGroupConfiguration(
            services: [.init(service: application)], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(options.shutdownSeconds)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            throw cannotListen(systemReason(error.errnoCode))
        } catch let error as SocketAddressError.UnknownHost {
            throw cannotListen(
                error.errorDescription.prefix(1).lowercased() + error.errorDescription.dropFirst())
        }
    }
}
