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
            #expect(info.headers["vary"] == "Accept, Host")
            let redirect = try await client.get("/iiif/2/photo")
            #expect(redirect.status == 303)
            #expect(redirect.headers["location"] == "http://localhost:\(client.port)/iiif/2/photo/info.json")
            #expect(redirect.headers["vary"] == "Host")
            let evil = try await client.raw("GET /iiif/3/photo HTTP/1.1\r\nHost: a\"b><c\r\n\r\n")
            #expect(evil.headers["location"] == "http://127.0.0.1:\(client.port)/iiif/3/photo/info.json")
        }
    }

    /// Linked data for whoever asks for it; where nothing is asked for, 3.0 §5.1 wants it and 2.1 §5 does not.
    @Test func descriptionsAreOfTheTypeThatIsAccepted() async throws {
        try await withServer { client in
            func info(_ version: Int, _ headers: [String] = []) async throws -> Answer {
                try await client.get("/iiif/\(version)/photo/info.json", headers)
            }
            for version in [2, 3] {
                let linked = try await info(version, ["Accept: application/ld+json"])
                let type =
                    "application/ld+json;profile=\"http://iiif.io/api/image/\(version)/context.json\""
                #expect(linked.headers["content-type"] == type && linked.headers["link"] == nil)
                let plain = try await info(version, ["Accept: application/json"])
                #expect(plain.headers["content-type"] == "application/json; charset=utf-8")
                #expect(plain.headers["link"]?.contains("context.json") == true)
                #expect(plain.headers["etag"] != linked.headers["etag"])
                let any = try await info(version, ["Accept: */*"])
                #expect(any.headers["content-type"] == "application/json; charset=utf-8")
                let silent = try await info(version)
                let expected = version == 3 ? linked : plain
                #expect(silent.headers["content-type"] == expected.headers["content-type"])
            }
            let grey = try await client.get("/iiif/3/grey/info.json").text
            #expect(grey.contains("\"extraQualities\":[\"gray\",\"bitonal\"]"))
        }
    }

    @Test func addressesOfIPv6AreBracketed() {
        #expect(ServerOptions.url(host: "127.0.0.1", port: 8080) == "http://127.0.0.1:8080")
        #expect(ServerOptions.url(host: "localhost", port: 80) == "http://localhost:80")
        #expect(ServerOptions.url(host: "::1", port: 8080) == "http://[::1]:8080")
        #expect(ServerOptions.url(host: "[fe80::1]", port: 1) == "http://[fe80::1]:1")
    }

    /// A path is put behind it.
    @Test func publicURLsEndBeforeThePath() {
        for (text, expected) in [
            ("https://example.org", "https://example.org"), ("http://[::1]:80///", "http://[::1]:80"),
            ("https://example.org/a/b//", "https://example.org/a/b"),
        ] {
            #expect(ServerOptions.publicURL(from: text) == expected)
        }
        for text in [
            "https://example.org/?", "https://example.org/a?b=c", "https://example.org/#a", "http://",
            "http:///a", "ftp://example.org", "example.org", "https://example.org/a b", "https://a\nb",
            "https://example.org/\"", "https://example.org/é",
        ] {
            #expect(ServerOptions.publicURL(from: text) == nil, "\(text)")
        }
    }

    /// Behind a proxy that takes `/pictures` off.
    @Test func descriptionsNameThePublicURL() async throws {
        try await withServer({ $0.publicURL = "https://example.org/pictures" }) { client in
            let info = try await client.get("/iiif/3/photo/info.json")
            let document = try #require(JSONSerialization.jsonObject(with: info.body) as? [String: Any])
            #expect(document["id"] as? String == "https://example.org/pictures/iiif/3/photo")
            #expect(info.headers["vary"] == "Accept")
            let redirect = try await client.get("/iiif/3/photo")
            #expect(redirect.headers["location"] == "https://example.org/pictures/iiif/3/photo/info.json")
            let image = try await client.get("/iiif/3/photo/full/48,/0/default.jpg")
            #expect(
                image.headers["link"]?.hasPrefix(
                    "<https://example.org/pictures/iiif/3/photo/full/48,32/0/default.jpg>") == true)
            #expect(image.headers["vary"] == nil)
        }
    }
}
