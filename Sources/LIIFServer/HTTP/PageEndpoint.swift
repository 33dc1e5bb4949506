import CViewerPage
import Foundation
import HTTPTypes
import Hummingbird
import IIIF
import NIOCore

/// The page, its files, and the list of images that it shows.
struct PageEndpoint: Sendable {
    private struct File: Sendable {
        let type: String
        let body: ByteBuffer
        let tag: EntityTag
    }

    private let files: [String: File]

    init(_ catalogue: Catalogue, options: ServerOptions) throws {
        var files: [String: File] = [:]
        for index in 0..<liif_page_file_count() {
            let file = liif_page_file_at(index)
            let bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.count)
            let name = String(cString: file.name)
            files[name] = File(
                type: String(cString: file.media_type), body: ByteBuffer(bytes: bytes),
                tag: EntityTag(name, String(decoding: bytes, as: UTF8.self)))
        }
        let list = ImageList(
            images: catalogue.images.map { .init(id: $0.identifier, width: $0.width, height: $0.height) },
            largestFactor: options.largestFactor, maxWidth: options.limits.width,
            maxHeight: options.limits.height,
            maxArea: options.limits.area)
        let json = try JSONEncoder().encode(list)
        files["images.json"] = File(
            type: "application/json; charset=utf-8", body: ByteBuffer(bytes: json),
            tag: EntityTag(String(decoding: json, as: UTF8.self)))
        self.files = files
    }

    private struct ImageList: Encodable {
        struct Entry: Encodable {
            let id: String
            let width, height: Int
        }
        let images: [Entry]
        let largestFactor, maxWidth, maxHeight, maxArea: Int
    }

    func respond(_ segments: [String], request: Request, context: ServerContext) throws -> Response {
        guard segments.count == 1, let file = files[segments[0] == "" ? "index.html" : segments[0]] else {
            throw IIIFError.notFound("There is nothing of this path.")
        }
        let headers: HTTPFields = [
            .contentType: file.type, .eTag: file.tag.text, .cacheControl: "no-cache",
            // The page asks nobody else for anything, and this says so to the browser.
            .contentSecurityPolicy:
                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            .referrerPolicy: "no-referrer",
        ]
        if file.tag.isKnown(to: request) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .inPieces(file.body, to: context))
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
}
