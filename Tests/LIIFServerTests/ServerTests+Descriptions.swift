import Foundation
import LIIFServer
import Testing

/// info.json, and the addresses in it.
extension ServerTests {
    @Test func descriptionsNameTheServiceAsItWasAskedFor() async throws {
        try await withServer { client in
            let info = try await client.get("/iiif/3/sub%2Fphoto%20two@4x/info.json")
            let document = try #require(JSONSerialization.jsonObject(with: info.body) as? [String: Any])
            #expect(
                document["id"] as? String == "http://localhost:\(client.port)/iiif/3/sub%2Fphoto%20two@4x")
            #expect(document["width"] as? Int == 80)
            #expect(info.headers["content-type"] == "application/json; charset=utf-8")
            let linked = try await client.get("/iiif/3/photo/info.json", ["Accept: application/ld+json"])
            #expect(linked.headers["content-type"]?.hasPrefix("application/ld+json") == true)
            #expect(linked.headers["etag"] != info.headers["etag"])
            let redirect = try await client.get("/iiif/2/photo")
            #expect(redirect.status == 303)
            #expect(redirect.headers["location"] == "http://localhost:\(client.port)/iiif/2/photo/info.json")
            let evil = try await client.raw("GET /iiif/3/photo HTTP/1.1\r\nHost: a\"b><c\r\n\r\n")
            #expect(evil.headers["location"] == "http://127.0.0.1:0/iiif/3/photo/info.json")
        }
    }

    @Test func addressesOfIPv6AreBracketed() {
        #expect(ServerOptions.url(host: "127.0.0.1", port: 8080) == "http://127.0.0.1:8080")
        #expect(ServerOptions.url(host: "localhost", port: 80) == "http://localhost:80")
        #expect(ServerOptions.url(host: "::1", port: 8080) == "http://[::1]:8080")
        #expect(ServerOptions.url(host: "[fe80::1]", port: 1) == "http://[fe80::1]:1")
    }

    /// Behind a proxy that takes `/pictures` off.
    @Test func descriptionsNameThePublicURL() async throws {
        try await withServer({ $0.publicURL = "https://example.org/pictures" }) { client in
            let info = try await client.get("/iiif/3/photo/info.json")
            let document = try #require(JSONSerialization.jsonObject(with: info.body) as? [String: Any])
            #expect(document["id"] as? String == "https://example.org/pictures/iiif/3/photo")
            let redirect = try await client.get("/iiif/3/photo")
            #expect(redirect.headers["location"] == "https://example.org/pictures/iiif/3/photo/info.json")
            let image = try await client.get("/iiif/3/photo/full/48,/0/default.jpg")
            #expect(
                image.headers["link"]?.hasPrefix(
                    "<https://example.org/pictures/iiif/3/photo/full/48,32/0/default.jpg>") == true)
        }
    }
}
