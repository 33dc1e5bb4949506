import HTTPTypes
import Hummingbird
import IIIF
import Logging
import NIOCore

/// Answers requests. Paths are split before they are percent-decoded, and nothing of them ever names a file.
struct Responder: HTTPResponder {
    typealias Context = ServerContext

    let options: ServerOptions
    let catalogue: Catalogue
    let images: ImageEndpoint
    let page: PageEndpoint
    let metrics: Metrics
    let limiter: RateLimiter?

    func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        var (response, note) = await answer(request, context)
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlExposeHeaders] = "ETag, Link, Retry-After"
        response.headers[.xContentTypeOptions] = "nosniff"
        // These have no body, and a length would speak of one.
        if [.noContent, .notModified].contains(response.status) { response.headers[.contentLength] = nil }
        // The client is to know that nothing more is answered (RFC 9112, §9.6).
        if request.headers[.connection] == "close" { response.headers[.connection] = "close" }
        let bytes = response.body.contentLength ?? 0
        if request.method == .head { response = response.createHeadResponse() }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        metrics.count(status: response.status.code)
        metrics.responses.observe(seconds)
        context.logger.info(
            "request",
            metadata: [
                "address": "\(context.address)", "method": "\(request.method)",
                "path": "\(request.uri.string.prefix(500))",
                "status": "\(response.status.code)", "bytes": "\(bytes)", "ms": "\(Int(seconds * 1000))",
                "note": "\(note)",
            ])
        return response
    }

    /// - Returns: The response, and a word for the log.
    private func answer(_ request: Request, _ context: Context) async -> (Response, String) {
        if let seconds = limiter?.refusal(of: context.client) {
            var response = Response.text(
                "Too many requests; wait for \(seconds) s.", status: .tooManyRequests)
            response.headers[.retryAfter] = "\(seconds)"
            return (response, "rate limit")
        }
        switch request.method {
        case .get, .head: break
        case .options:
            return (
                Response(
                    status: .noContent,
                    headers: [
                        .accessControlAllowMethods: "GET, HEAD, OPTIONS", .accessControlAllowHeaders: "*",
                        .accessControlMaxAge: "86400", .allow: "GET, HEAD, OPTIONS",
                    ]), "preflight"
            )
        default:
            var response = Response.text(
                "Only GET, HEAD and OPTIONS are answered.", status: .methodNotAllowed)
            response.headers[.allow] = "GET, HEAD, OPTIONS"
            return (response, "method")
        }
        do {
            return try await route(request, context)
        } catch let error as IIIFError {
            return (.text(error.description, status: .init(code: error.status)), "refused")
        } catch let error as Overloaded {
            metrics.requestsRefused.increment()
            var response = Response.text("The server is busy; try again soon.", status: .serviceUnavailable)
            response.headers[.retryAfter] = "\(error.retryAfter)"
            return (response, "overloaded")
        } catch is CancellationError {
            // Nobody is there to read it: no failure of the server, and counted by itself, as is usual.
            if await context.clientHasLeft() {
                return (.text("The client has left.", status: .clientHasLeft), "client left")
            }
            return (.text("The server is about to end.", status: .serviceUnavailable), "given up")
        } catch {
            // What went wrong may name files, so only the log says it.
            context.logger.error(
                "failed", metadata: ["path": "\(request.uri.string.prefix(500))", "reason": "\(error)"])
            return (.text("The image cannot be made.", status: .internalServerError), "failed")
        }
    }

    private func route(_ request: Request, _ context: Context) async throws -> (Response, String) {
        let path = try URIPath(request.head.path ?? "")
        let segments = path.segments
        switch segments.first {
        case "iiif" where segments.count > 1:
            // As written: `Int` reads "+3" and "03" too, and an image has one address.
            guard let version = APIVersion.allCases.first(where: { "\($0.rawValue)" == segments[1] }) else {
                throw IIIFError.notFound(
                    "There is no such version of the Image API; /iiif/3 and /iiif/2 are served.")
            }
            return try await images.respond(
                segments.dropFirst(2), version: version, request: request, context: context)
        case "health" where segments.count == 1:
            return (.json("{\"status\":\"ok\",\"images\":\(catalogue.images.count)}"), "health")
        case "metrics" where segments.count == 1:
            var response = Response.text(metrics.text(gauges: images.gauges), status: .ok)
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return (response, "metrics")
        default:
            return (try page.respond(segments, request: request, context: context), "page")
        }
    }
}

extension HTTPResponse.Status {
    /// nginx's, which those who read metrics know.
    fileprivate static let clientHasLeft = HTTPResponse.Status(
        code: 499, reasonPhrase: "Client Closed Request")
}

extension Response {
    static func text(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text + (text.hasSuffix("\n") ? "" : "\n"))))
    }

    static func json(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
