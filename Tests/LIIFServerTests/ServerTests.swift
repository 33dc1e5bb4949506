import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFServer
import Logging
import Tensors
import TestSupport
import Testing

/// The server as a client meets it.
@Suite(.serialized) struct ServerTests {
    @Test func pixelsOfTheFileAreServedAsTheyAre() async throws {
        try await withServer { client in
            let original = picture(width: 96, height: 64, channels: 3)
            try await client.expect("/iiif/3/photo/full/max/0/default.png", original)
            try await client.expect(
                "/iiif/3/photo/10,20,30,15/max/0/default.png",
                original.cropped(y: 20, x: 10, height: 15, width: 30))
            try await client.expect(
                "/iiif/2/photo/full/full/90/default.png", original.transposed().flippedHorizontally())
            try await client.expect("/iiif/3/photo/full/max/!180/default.png", original.flippedVertically())
            try await client.expect(
                "/iiif/3/photo/full/max/270/default.png", original.transposed().flippedVertically())
            try await client.expect(
                "/iiif/3/photo/full/48,32/0/default.png", original.resizedBicubic(height: 32, width: 48))
            try await client.expect(
                "/iiif/3/grey/full/max/0/default.png", picture(width: 40, height: 30, channels: 1))
            try await client.expect(
                "/iiif/3/alpha/full/max/0/default.png", picture(width: 30, height: 40, channels: 4))
            try await client.expect(
                "/iiif/3/sub%2Fphoto%20two/full/max/0/default.png",
                picture(width: 20, height: 10, channels: 3))
        }
    }

    @Test func enlargementsAreTheContinuousImage() async throws {
        try await withServer { client in
            let image = try tinyModel().encode(
                picture(width: 96, height: 64, channels: 3), precision: .float32)
            let expected: Image<UInt8> = try image.rendered(
                Region(y: 8, x: 16, height: 16, width: 24), height: 128, width: 192
            ).rounded()
            // The same part by the virtual image and by ^.
            for target in [
                "/iiif/3/photo@16x/256,128,384,256/192,128/0/default.png",
                "/iiif/3/photo/16,8,24,16/^192,128/0/default.png",
                "/iiif/2/photo/16,8,24,16/192,/0/default.png",
            ] {
                let actual = try await client.image(target)
                #expect((actual.width, actual.height) == (192, 128))
                // Features pass through BF16.
                let worst = zip(actual.samples, expected.samples).map { abs(Int($0) - Int($1)) }.max()!
                #expect(worst <= 6, "\(target)")
            }
            let bicubic = try await client.image(
                "/iiif/3/photo@16x~bicubic/256,128,384,256/192,128/0/default.png")
            #expect(
                bicubic
                    == picture(width: 96, height: 64, channels: 3).resizedBicubic(
                        Region(y: 8, x: 16, height: 16, width: 24), height: 128, width: 192))
            let nearest = try await client.image("/iiif/3/photo@4x~nearest/full/max/0/default.png")
            #expect(nearest.width == 384)
            #expect(nearest[7, 9, 1] == picture(width: 96, height: 64, channels: 3)[1, 2, 1])
            try await client.expect("/iiif/3/grey/full/^100,75/0/default.png", channels: 1)
            try await client.expect("/iiif/3/alpha/full/^60,80/0/default.png", channels: 4)
            try await client.expect("/iiif/3/alpha/full/^60,20/0/default.jpg", channels: 3)
            let bitonal = try await client.image("/iiif/3/photo/full/^200,/0/bitonal.png")
            #expect(Set(bitonal.samples) == [0, 255])
        }
    }

    @Test func answersSayHowTheyMayBeKept() async throws {
        try await withServer { client in
            let target = "/iiif/3/photo/0,0,96,64/48,/0/default.jpg"
            let first = try await client.get(target, ["Origin: http://example.org"])
            #expect(first.headers["access-control-allow-origin"] == "*")
            #expect(first.headers["access-control-expose-headers"] == "ETag, Link, Retry-After")
            #expect(first.headers["content-type"] == "image/jpeg")
            #expect(first.headers["cache-control"] == "public, max-age=86400")
            // Its link names the host.
            #expect(first.headers["vary"] == "Host")
            #expect(
                first.headers["link"]
                    == "<http://localhost:\(client.port)/iiif/3/photo/full/48,32/0/default.jpg>;rel=\"canonical\","
                    + "<http://iiif.io/api/image/3/level2.json>;rel=\"profile\"")
            let tag = try #require(first.headers["etag"])
            for known in [tag, "W/" + tag, "\"x\", " + tag, "*"] {
                let second = try await client.get(target, ["If-None-Match: " + known])
                #expect(second.status == 304 && second.body.isEmpty && second.headers["etag"] == tag)
            }
            #expect(try await client.get(target, ["If-None-Match: \"x\""]).status == 200)
            #expect(try await client.get("/iiif/2/photo/full/48,/0/default.jpg").headers["etag"] == tag)
            #expect(try await client.get("/iiif/3/photo/full/47,/0/default.jpg").headers["etag"] != tag)
            let head = try await client.get(target, method: "HEAD")
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.headers["content-length"] == first.headers["content-length"])
            let options = try await client.get(target, method: "OPTIONS")
            #expect(
                options.status == 204
                    && options.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS")
            #expect(try await client.get(target, method: "DELETE").status == 405)
        }
    }

    @Test(arguments: [
        ("/iiif/3/secret/info.json", 404), ("/iiif/3/secret.txt/info.json", 404),
        ("/iiif/3/broken/info.json", 404),
        ("/iiif/3/..%2Fphoto/info.json", 404), ("/iiif/3/%2Fetc%2Fpasswd/info.json", 404),
        ("/../../etc/passwd", 404),
        ("/%2e%2e/%2e%2e/etc/passwd", 404), ("/iiif/3/photo/../grey/info.json", 404),
        ("/iiif/3/photo%00/info.json", 400),
        ("/iiif/3/photo%/info.json", 400), ("/iiif/3/%ff/info.json", 400),
        ("/iiif/3/photo@17x/info.json", 404),
        ("/iiif/3/photo/full/max/0/default.gif", 400),
        ("/iiif/3/photo/full/^99999999999,/0/default.jpg", 400),
        ("/iiif/3/photo/0,0,18446744073709551616,1/max/0/default.jpg", 400),
        ("/iiif/3/photo/full/full/0/default.jpg", 400),
        ("/iiif/3/photo/full/max/45/default.jpg", 400), ("/iiif/3/photo/full/max/0", 404),
        ("/iiif/4/photo/info.json", 404), ("/iiif/+3/photo/info.json", 404),
        ("/iiif/03/photo/info.json", 404),
        ("/iiif/3/a/b/info.json", 404), ("/iiif/3//info.json", 404), ("/iiif/3/", 404), ("/iiif", 404),
        ("/nothing", 404),
        ("/iiif/3/photo/info.json/", 404), ("/health/x", 404), ("/iiif/3/photo/", 303),
        // RFC 9112, §3.2.2: absolute form.
        ("http://example.org/health", 200), ("HTTP://example.org:8080", 200),
        ("http://example.org/iiif/3/photo", 303), ("http://example.org/iiif/3/secret/info.json", 404),
    ])
    func onlyWhatIsListedIsServed(_ target: String, _ status: Int) async throws {
        try await withServer { client in
            let answer = try await client.get(target)
            #expect(answer.status == status, "\(target): \(answer.text)")
            #expect(!answer.text.contains(client.folder))
        }
    }

    @Test func theServerSaysHowItIs() async throws {
        try await withServer { client in
            let health = try await client.get("/health")
            #expect(health.text == "{\"status\":\"ok\",\"images\":4}")
            _ = try await client.get("/iiif/3/photo/full/max/0/default.jpg")
            _ = try await client.get("/iiif/3/photo/full/max/0/default.jpg")
            let metrics = try await client.get("/metrics").text
            #expect(metrics.contains("\nliif_images_rendered_total 1\n"))
            #expect(metrics.contains("\nliif_image_cache_hits_total 1\n"))
            #expect(metrics.contains("\nliif_http_responses_total{status=\"200\"} 3\n"))
            // Every line is a comment or a name and a number.
            for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(Double(line.split(separator: " ").last!) != nil, "\(line)")
            }
            let page = try await client.get("/")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            for name in [
                "viewer.css", "viewer.js", "openseadragon.js", "images.json", "openseadragon-LICENSE.txt",
            ] {
                #expect(try await client.get("/" + name).status == 200)
            }
        }
    }

    @Test func addressesAreHeldToTheirRate() async throws {
        try await withServer({ $0.requestsPerSecond = 0.01 }) { client in
            for _ in 0..<10 { #expect(try await client.get("/health").status == 200) }
            let refused = try await client.get("/health")
            #expect(refused.status == 429 && Int(refused.headers["retry-after"] ?? "") != nil)
        }
    }

    @Test func featuresStayOnDisk() async throws {
        try await withTemporaryFolder { folder in
            let target = "/iiif/3/photo/0,0,20,20/^80,80/0/default.png"
            let first = try await withServer({ $0.featureFolder = folder }) { client in
                let image = try await client.image(target)
                #expect(
                    try await client.get("/metrics").text.contains("liif_feature_tiles_encoded_total 1\n"))
                return image
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.count == 1 && files[0].hasSuffix(".liif"))
            let file = try FeatureFile(path: folder + "/" + files[0])
            #expect(file.header.tiling.width == 96 && file.header.modelDigest == tinyModel().digest())
            #expect(try file.rows(0..<64, as: UInt8.self) == picture(width: 96, height: 64, channels: 3))
            #expect(first.width == 80)
        }
    }

    /// Named it is an error, in a folder it is left out.
    @Test func featuresOfAnotherModelAreNotServed() throws {
        try withTemporaryFolder { folder in
            let photo = picture(width: 40, height: 30, channels: 3)
            try photo.write(to: folder + "/photo.png")
            var next = 0
            try FeatureFile.write(
                to: folder + "/other.liif", model: tinyModel(), height: 30, width: 40, channels: 3
            ) { count in
                defer { next += count }
                return photo.cropped(y: next, x: 0, height: count, width: 40)
            }
            let model = tinyModel()
            model.parameters.floats[0] += 1
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            func server(_ path: String) throws -> ImageServer {
                try ImageServer([path], model: model, options: ServerOptions(), logger: logger)
            }
            #expect(try server(folder).imageCount == 1)
            let error = #expect(throws: ServerError.self) { try server(folder + "/other.liif") }
            #expect(error?.description.contains("other.liif: its features were made by the model") == true)
        }
    }

    @Test func aPipelineIsAnsweredInOrder() async throws {
        try await withServer { client in
            let one = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
                two = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
            let port = client.port
            let answers = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try exchange(one + two + one, port: port, count: 3) })
                }
            }
            #expect(answers.map(\.status) == [200, 404, 200])
            #expect(answers.allSatisfy { $0.headers["connection"] == nil })
        }
    }

    /// Fails if `close` is known by itself alone, in lower case; if HTTP/1.0 keeps a connection; and if a client that would switch
    /// protocols is not told that nothing more is answered.
    @Test(arguments: [
        "1.1\r\nConnection: close", "1.1\r\nConnection: Close", "1.1\r\nConnection: TE, close",
        "1.1\r\nConnection: close ,x", "1.0", "1.0\r\nConnection: keep-alive",
        "1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    ])
    func aConnectionEndsWithItsLastRequest(_ last: String) async throws {
        try await withServer { client in
            let requests =
                "GET /health HTTP/\(last)\r\nHost: x\r\n\r\n" + "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
            let port = client.port
            let answers = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try exchange(requests, port: port, count: 2) })
                }
            }
            #expect(answers.map(\.status) == [200])
            #expect(answers.first?.headers["connection"] == "close")
        }
    }

    @Test func whatIsNoHTTPIsRefused() async throws {
        try await withServer { client in
            for request in [
                "nonsense\r\n\r\n", "GET /health HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nA b: c\r\n\r\n",
            ] {
                let status = try await client.raw(request).status
                #expect(status == 400 || status == 0, "\(request)")
            }
            let long = try await client.get("/iiif/3/" + String(repeating: "a", count: 100_000))
            #expect([0, 400, 404, 414, 431].contains(long.status))
            #expect(try await client.get("/health").status == 200)
        }
    }
}
