import HTTPTypes
import Hummingbird
import IIIF
import LIIF
import NIOCore
import Tensors

/// What a rendered image is known by.
struct ImageKey: Hashable, Sendable {
    let image: VirtualIdentifier
    let request: ResolvedRequest
}

/// The IIIF Image API's URIs below /iiif/2 and /iiif/3.
struct ImageEndpoint: Sendable {
    let options: ServerOptions
    let catalogue: Catalogue
    let maker: ImageMaker
    let queue: RenderQueue<ImageKey, ByteBuffer>
    let cache: ByteBoundedCache<ImageKey, ByteBuffer>
    let transit: AnswersInTransit<ImageKey, ByteBuffer>
    let metrics: Metrics

    /// Part of every entity tag: to be changed when the same request gives other bytes than before.
    private static let renderingVersion = "3"

    /// - Parameter segments: The path's from the identifier on.
    /// - Returns: The response, and a word for the log.
    func respond(
        _ segments: ArraySlice<String>, version: APIVersion, request: Request, context: ServerContext
    ) async throws -> (Response, String) {
        guard let name = segments.first, !name.isEmpty else {
            throw IIIFError.notFound(
                "The identifier is missing: /iiif/\(version.rawValue)/identifier/info.json.")
        }
        let rest = segments.dropFirst()
        // Nothing with so many segments is served, whatever they are: a slash in an identifier must be encoded.
        guard rest.count <= 1 || rest.count == 4 else {
            throw IIIFError.notFound(
                "There is nothing of this path; a slash in an identifier is written %2F.")
        }
        let virtual = try VirtualIdentifier(name, largestFactor: options.largestFactor) {
            catalogue[$0] != nil
        }
        let image = catalogue[virtual.base]!
        let url = request.serviceURL(version, virtual.text, options, context)
        switch rest.count {
        case 0:
            return (redirect(to: url), "redirect")
        case 1:
            guard rest.first == "info.json" || rest.first == "" else {
                throw IIIFError.notFound(
                    "There is nothing of this path; an image's description is info.json.")
            }
            guard rest.first == "info.json" else {
                return (redirect(to: url), "redirect")
            }
            return (information(of: image, virtual, version, url, request), "info")
        default:
            return try await picture(
                ImageRequest(rest, version: version), of: image, virtual, version, url, request, context)
        }
    }

    /// From an image's base URI to its description.
    private func redirect(to url: String) -> Response {
        var headers: HTTPFields = [.location: url + "/info.json"]
        headers[.vary] = options.vary()
        return Response(status: .seeOther, headers: headers)
    }

    private func information(
        of image: ServedImage, _ virtual: VirtualIdentifier, _ version: APIVersion, _ url: String,
        _ request: Request
    ) -> Response {
        let json = ImageInformation(
            width: image.width * virtual.factor, height: image.height * virtual.factor,
            limits: options.limits, hasColor: image.channels > 2
        ).json(version, id: url)
        // Without an Accept header it is linked data in 3.0 (§5.1) and plain JSON in 2.1 (§5).
        let isLinkedData =
            request.headers[.accept]?.contains("application/ld+json") ?? (version == .three)
        let type =
            isLinkedData
            ? "application/ld+json;profile=\"\(version.context)\"" : "application/json; charset=utf-8"
        let tag = EntityTag(json, type)
        var headers: HTTPFields = [
            .contentType: type, .eTag: tag.text,
            .cacheControl: "public, max-age=\(min(options.maximumAge, 300))",
        ]
        headers[.vary] = options.vary("Accept")
        // Those who get plain JSON are told where its context is.
        if !isLinkedData {
            headers[.link] =
                "<\(version.context)>;rel=\"http://www.w3.org/ns/json-ld#context\";type=\"application/ld+json\""
        }
        if tag.isKnown(to: request) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: json)))
    }

    private func picture(
        _ imageRequest: ImageRequest, of image: ServedImage, _ virtual: VirtualIdentifier,
        _ version: APIVersion,
        _ url: String, _ request: Request, _ context: ServerContext
    ) async throws -> (Response, String) {
        let resolved = try imageRequest.resolved(
            width: image.width * virtual.factor, height: image.height * virtual.factor, limits: options.limits
        )
        let canonical = resolved.canonical(version, limits: options.limits)
        let plan = RenderPlan(resolved, as: virtual, limits: options.limits)
        // The same in both versions of the API. The canonical form alone says `max` of any size, and not by what it is made:
        // both depend on the limits.
        let tag = EntityTag(
            Self.renderingVersion, virtual.text, resolved.canonical(.three, limits: options.limits),
            "\(resolved.width)×\(resolved.height)", plan.shown.map { "\($0.width)×\($0.height)" } ?? "",
            image.fingerprint,
            maker.features.modelDigest, "\(maker.jpegQuality)", maker.features.renderers.precision.rawValue)
        var headers: HTTPFields = [
            .contentType: resolved.format.mediaType, .eTag: tag.text,
            .cacheControl: "public, max-age=\(options.maximumAge)",
            .link: "<\(url)/\(canonical)>;rel=\"canonical\",<\(version.profile)>;rel=\"profile\"",
        ]
        headers[.vary] = options.vary()
        if tag.isKnown(to: request) {
            return (Response(status: .notModified, headers: headers), "not modified")
        }
        let key = ImageKey(image: virtual, request: resolved)
        func response(_ answer: AnswersInTransit<ImageKey, ByteBuffer>.Hold) -> Response {
            Response(
                status: .ok, headers: headers, body: .inPieces(answer.value, to: context, while: answer))
        }
        // What has left the cache may be on its way to another client.
        let client = context.client
        if let answer = try cache.value(key).map({ try held($0, for: key, by: client) })
            ?? transit.hold(key, by: client)
        {
            metrics.imageCacheHits.increment()
            return (response(answer), "cached")
        }
        // Larger than a tile: not made for nothing.
        if resolved.width * resolved.height > RenderPlan.largestTile { try transit.requireRoom(for: client) }
        let bytes = try await queue.value(
            for: key, isLarge: plan.isLarge, connection: context.connection()
        ) { checkpoint in try make(key, of: image, by: plan, checkpoint) }
        return (response(try held(bytes, for: key, by: client)), "rendered")
    }

    private func held(
        _ bytes: ByteBuffer, for key: ImageKey, by client: String
    ) throws -> AnswersInTransit<ImageKey, ByteBuffer>.Hold {
        try transit.hold(bytes, for: key, bytes: bytes.readableBytes, by: client)
    }

    /// Makes an image on a thread of the queue, and keeps it.
    private func make(
        _ key: ImageKey, of image: ServedImage, by plan: RenderPlan,
        _ checkpoint: @escaping @Sendable () throws -> Void
    ) throws -> ByteBuffer {
        let start = ContinuousClock.now
        do {
            let bytes = ByteBuffer(
                bytes: try maker.bytes(
                    key.request, of: image, as: key.image, by: plan, checkpoint: checkpoint))
            cache.insert(bytes, for: key, bytes: bytes.readableBytes)
            metrics.imagesRendered.increment()
            metrics.rendering.observe((ContinuousClock.now - start) / .seconds(1))
            return bytes
        } catch {
            if error is CancellationError { metrics.rendersAbandoned.increment() }
            throw error
        }
    }

    /// What goes up and down.
    var gauges: [(name: String, help: String, value: Int)] {
        let counts = queue.counts
        return [
            ("liif_queue_waiting", "Images that wait for a renderer.", counts.waiting),
            ("liif_queue_running", "Images that are being made.", counts.running),
            ("liif_image_cache_bytes", "Rendered images in memory.", cache.bytes),
            ("liif_sending_bytes", "Images on their way to clients, but for small ones.", transit.bytes),
            ("liif_feature_cache_bytes", "Feature tiles in memory.", maker.features.cache.bytes),
            ("liif_picture_cache_bytes", "Decoded pictures in memory.", maker.pictures.cache.bytes),
        ]
    }
}

extension HTTPField.Name {
    fileprivate static let link = HTTPField.Name("Link")!
}
