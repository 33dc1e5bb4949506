import Foundation
import ImageCodecs
import Imaging
import LIIFServer
import Logging
import TestSupport
import Testing

/// Feature tiles on disk over several runs of a server.
@Suite(.serialized) struct FeatureFolderTests {
    /// Serves `a` and `b`, and asks for an enlarged part of one.
    /// - Returns: Tiles that were encoded, and tiles that were read from the folder.
    private func tiles(for name: String, in folder: String, limit: Int) async throws -> [Int?] {
        try await withServer(
            {
                $0.featureFolder = folder + "/tiles"
                $0.featureFolderBytes = limit
            },
            of: [folder + "/a.png", folder + "/b.png"]
        ) { client in
            _ = try await client.image("/iiif/3/\(name)/0,0,20,20/^80,80/0/default.png")
            let lines = try await client.get("/metrics").text.split(separator: "\n")
            func count(_ counter: String) -> Int? {
                lines.first { $0.hasPrefix(counter + " ") }.flatMap { Int($0.dropFirst(counter.count + 1)) }
            }
            return [count("liif_feature_tiles_encoded_total"), count("liif_feature_tiles_read_total")]
        }
    }

    @Test func featuresOutliveTheServerWithinTheirLimit() async throws {
        try await withTemporaryFolder { folder in
            for name in ["a", "b"] {
                try picture(width: 96, height: 64, channels: 3).write(to: folder + "/\(name).png")
            }
            func files() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: folder + "/tiles")
            }
            func url(_ file: String) -> URL { URL(fileURLWithPath: folder + "/tiles/" + file) }
            #expect(try await tiles(for: "a", in: folder, limit: 1 << 20) == [1, 0])
            let ofA = try #require(try files().first)
            #expect(try await tiles(for: "b", in: folder, limit: 1 << 20) == [1, 0])
            let ofB = try #require(try files().first { $0 != ofA })
            // The tile of a is the older one, until it is used again.
            for (file, hours) in [(ofA, 2.0), (ofB, 1.0)] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -3600 * hours)],
                    ofItemAtPath: url(file).path)
            }
            #expect(try await tiles(for: "a", in: folder, limit: 1 << 20) == [0, 1])
            #expect(try files().count == 2)

            // Room for one.
            let limit = try max(Data(contentsOf: url(ofA)).count, Data(contentsOf: url(ofB)).count)
            #expect(try await tiles(for: "a", in: folder, limit: limit) == [0, 1])
            #expect(try files() == [ofA])

            // What is damaged is made again.
            try Data("x".utf8).write(to: url(ofA))
            #expect(try await tiles(for: "a", in: folder, limit: limit) == [1, 0])
            #expect(try await tiles(for: "a", in: folder, limit: limit) == [0, 1])

            // What is new takes the place of what is old.
            #expect(try await tiles(for: "b", in: folder, limit: limit) == [1, 0])
            #expect(try files() == [ofB])
        }
    }

    /// Fails if tiles are taken for pictures that are to be served.
    @Test func tilesInsideAServedFolderAreNoPicturesOfIt() async throws {
        try await withTemporaryFolder { folder in
            try picture(width: 96, height: 64, channels: 3).write(to: folder + "/a.png")
            for _ in 0..<2 {
                try await withServer({ $0.featureFolder = folder + "/sub/tiles" }, of: [folder]) { client in
                    _ = try await client.image("/iiif/3/a/0,0,20,20/^80,80/0/default.png")
                    #expect(try await client.get("/health").text == "{\"status\":\"ok\",\"images\":1}")
                }
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/sub/tiles").count == 1)
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        try withTemporaryFolder { folder in
            try picture(width: 8, height: 8, channels: 3).write(to: folder + "/a.png")
            var options = ServerOptions()
            options.featureFolder = folder + "/a.png/tiles"
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let error = #expect(throws: (any Error).self) {
                try ImageServer([folder], model: tinyModel(), options: options, logger: logger)
            }
            #expect(error.map { "\($0)" } == "\(folder)/a.png: cannot be written: not a directory.")
        }
    }
}
