import Foundation
import ImageCodecs
import Imaging
import LIIFServer
import Logging
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What one viewer asks for, and how the others fare.
@Suite(.serialized) struct ManyViewersTests {
    /// The values of some metrics.
    private func values(_ client: Client, _ names: String...) async throws -> [Int?] {
        let lines = try await client.get("/metrics").text.split(separator: "\n")
        return names.map { name in
            lines.first { $0.hasPrefix("liif_\(name) ") }.flatMap { Int($0.split(separator: " ")[1]) }
        }
    }

    /// Two pictures of 16 megapixels, then a tile, then their viewers go away. Fails if the pictures are rendered both at
    /// once, if the tile waits for one of them, if a picture is rendered on for nobody, or if that counts as a failure.
    @Test func aTileOvertakesLargePicturesAndTheyEndWithTheirViewers() async throws {
        try await withServer { client in
            func request(_ format: String) throws -> Int32 {
                try connection(
                    sending:
                        "GET /iiif/3/photo/0,0,64,64/^4096,4096/0/default.\(format) HTTP/1.1\r\nHost: x\r\n\r\n",
                    port: client.port)
            }
            func wait(running: Int, waiting: Int) async throws {
                var counts: [Int?] = []
                for _ in 0..<2000 where counts != [running, waiting] {
                    try await Task.sleep(for: .milliseconds(2))
                    counts = try await values(client, "queue_running", "queue_waiting")
                }
                #expect(counts == [running, waiting])
            }
            let rendered = try request("jpg")
            try await wait(running: 1, waiting: 0)
            let queued = try request("png")
            try await wait(running: 1, waiting: 1)
            let tile = try await client.image("/iiif/3/photo/8,8,8,8/^64,64/0/default.png")
            #expect((tile.width, tile.height) == (64, 64))
            #expect(try await values(client, "images_rendered_total", "queue_running") == [1, 1])
            // First the one that waits: it would begin before it is known that its viewer has gone too.
            close(queued)
            try await wait(running: 1, waiting: 0)
            close(rendered)
            try await wait(running: 0, waiting: 0)
            #expect(
                try await values(client, "images_rendered_total", "renders_abandoned_total") == [1, 1])
            let left = "liif_http_responses_total{status=\"499\"} 2\n"
            var metrics = try await client.get("/metrics").text
            for _ in 0..<2000 where !metrics.contains(left) {
                try await Task.sleep(for: .milliseconds(2))
                metrics = try await client.get("/metrics").text
            }
            #expect(metrics.contains(left) && !metrics.contains("status=\"503\""))
        }
    }

    /// Fails if a link is followed that lies in a served folder, or if one that is named is not.
    @Test func linksInAFolderAreNotServed() throws {
        try withTemporaryFolder { folder in
            let manager = FileManager.default
            for name in ["outside", "served"] {
                try manager.createDirectory(
                    atPath: folder + "/" + name, withIntermediateDirectories: true)
                try picture(width: 40, height: 30, channels: 3).write(to: "\(folder)/\(name)/\(name).png")
            }
            for (link, target) in [("file.png", "outside/outside.png"), ("folder", "outside")] {
                try manager.createSymbolicLink(
                    atPath: folder + "/served/" + link, withDestinationPath: folder + "/" + target)
            }
            try manager.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/served")
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            func count(_ path: String) throws -> Int {
                try ImageServer(
                    [folder + path], model: tinyModel(), options: ServerOptions(), logger: logger
                ).imageCount
            }
            #expect(try count("/served") == 1)
            #expect(try count("/served/file.png") == 1)
            #expect(try count("/served/folder") == 1)
            #expect(try count("/link") == 1)
        }
    }
}
