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
    let metrics: Metrics

    /// Part of every entity tag: to be changed when the same request gives other bytes than before.
    private static let renderingVersion = "2"

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
        let url = request.serviceURL(version, virtual.text, options)
        switch rest.count {
        case 0:
            return (Response(status: .seeOther, headers: [.location: url + "/info.json"]), "redirect")
        case 1:
            guard rest.first == "info.json" || rest.first == "" else {
                throw IIIFError.notFound(
                    "There is nothing of this path; an image's description is info.json.")
            }
            guard rest.first == "info.json" else {
                return (Response(status: .seeOther, headers: [.location: url + "/info.json"]), "redirect")
            }
            return (information(of: image, virtual, version, url, request), "info")
        default:
            return try await picture(
                ImageRequest(rest, version: version), of: image, virtual, version, url, request, context)
        }
    }

    private func information(
        of image: ServedImage, _ virtual: VirtualIdentifier, _ version: APIVersion, _ url: String,
        _ request: Request
    ) -> Response {
        let json = ImageInformation(
            width: image.width * virtual.factor, height: image.height * virtual.factor, limits: options.limits
        ).json(version, id: url)
        let isLinkedData = request.headers[.accept]?.contains("application/ld+json") ?? false
        let type =
            isLinkedData
            ? "application/ld+json;profile=\"\(version.context)\"" : "application/json; charset=utf-8"
        let tag = EntityTag(json, type)
        var headers: HTTPFields = [
            .contentType: type, .eTag: tag.text,
            .cacheControl: "public, max-age=\(min(options.maximumAge, 300))",
            .vary: "Accept, Host",
        ]
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
        // The same in both versions of the API.
        let tag = EntityTag(
            Self.renderingVersion, virtual.text, resolved.canonical(.three, limits: options.limits),
            image.fingerprint,
            maker.features.modelDigest, "\(maker.jpegQuality)", maker.features.renderers.precision.rawValue)
        let headers: HTTPFields = [
            .contentType: resolved.format.mediaType, .eTag: tag.text,
            .cacheControl: "public, max-age=\(options.maximumAge)",
            .link: "<\(url)/\(canonical)>;rel=\"canonical\",<\(version.profile)>;rel=\"profile\"",
        ]
        if tag.isKnown(to: request) {
            return (Response(status: .notModified, headers: headers), "not modified")
        }
        let key = ImageKey(image: virtual, request: resolved)
        if let bytes = cache.value(key) {
            metrics.imageCacheHits.increment()
            return (Response(status: .ok, headers: headers, body: .inPieces(bytes, to: context)), "cached")
        }
        let plan = RenderPlan(resolved, as: virtual, limits: options.limits)
        let bytes = try await queue.value(
            for: key, isLarge: plan.isLarge, connection: await context.connection()
        ) { checkpoint in try make(key, of: image, by: plan, checkpoint) }
        return (Response(status: .ok, headers: headers, body: .inPieces(bytes, to: context)), "rendered")
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
            ("liif_feature_cache_bytes", "Feature tiles in memory.", maker.features.cache.bytes),
            ("liif_picture_cache_bytes", "Decoded pictures in memory.", maker.pictures.cache.bytes),
        ]
    }
}

extension HTTPField.Name {
    fileprivate static let link = HTTPField.Name("Link")!
}
