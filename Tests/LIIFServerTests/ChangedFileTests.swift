import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFServer
import TestSupport
import Testing

/// Files that change, and entity tags, which promise equal bytes.
@Suite(.serialized) struct ChangedFileTests {
    private let target = "/iiif/3/photo/full/max/0/default.png"

    /// Same extent, other pixels.
    private func otherPicture(at path: String) throws {
        let other = picture(width: 96, height: 64, channels: 3).flippedVertically()
        try other.write(to: path)
    }

    @Test func aFileThatChangesIsNotServedUnderItsOldTag() async throws {
        try await withServer { client in
            _ = try await client.image("/iiif/3/photo/0,0,8,8/max/0/default.png")
            // What is in the cache is what was there at the start.
            try otherPicture(at: client.folder + "/photo.png")
            try await client.expect(target, picture(width: 96, height: 64, channels: 3))
            // What is not, is gone.
            try otherPicture(at: client.folder + "/grey.png")
            let answer = try await client.get("/iiif/3/grey/full/max/0/default.png")
            #expect(answer.status == 500 && answer.headers["etag"] == nil)
        }
    }

    /// `photo.png` is a link that is named itself; what it leads to changes between two runs.
    @Test func aLinkHasTheTagOfWhatItLeadsTo() async throws {
        try await withTemporaryFolder { folder in
            try picture(width: 96, height: 64, channels: 3).write(to: folder + "/target.png")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/photo.png", withDestinationPath: "target.png")
            func tag() async throws -> String? {
                try await withServer(of: [folder + "/photo.png"]) { client in
                    try await client.get(target).headers["etag"]
                }
            }
            let first = try await tag()
            #expect(try await tag() == first)
            try otherPicture(at: folder + "/target.png")
            #expect(try await tag() != first)
        }
    }

    /// Feature tiles on disk are of one precision; runs of others make their own.
    @Test(
        .enabled(
            if: InferencePrecision.bfloat16.isSupported, "this processor has no BF16, and so one precision"))
    func featuresOnDiskAreOfOnePrecision() async throws {
        try await withTemporaryFolder { folder in
            let (photo, features) = (folder + "/photo.png", folder + "/features")
            try picture(width: 96, height: 64, channels: 3).write(to: photo)
            let target = "/iiif/3/photo/0,0,20,20/^80,80/0/default.png"
            for (precision, tiles) in [(InferencePrecision.float32, 1), (.bfloat16, 2), (.float32, 2)] {
                try await withServer({ $0.featureFolder = features }, of: [photo], precision: precision) {
                    _ = try await $0.image(target)
                }
                let files = try FileManager.default.contentsOfDirectory(atPath: features)
                #expect(files.count == tiles, "\(precision)")
            }
        }
    }
}
