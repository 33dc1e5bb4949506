import Foundation
import IIIF
import ImageCodecs
import Imaging
import LIIF
import LIIFServer
import PictureFixtures
import Tensors
import TestSupport
import Testing

/// Pixels and bytes of answers: sides, qualities, formats and colours.
extension ServerTests {
    /// The model shows the side that grows, and the other one as it is, which is filtered afterwards.
    @Test func aSideThatShrinksIsFilteredBehindTheModel() async throws {
        try await withServer { client in
            let part = "/iiif/3/photo/16,8,24,16"
            let wide = try await client.image(part + "/^48,16/0/default.png")
            let expected: Image<UInt8> = try tinyModel()
                .encode(picture(width: 96, height: 64, channels: 3), precision: .float32)
                .rendered(Region(y: 8, x: 16, height: 16, width: 24), height: 16, width: 48).rounded()
            #expect((wide.width, wide.height) == (48, 16))
            // Features pass through BF16.
            #expect(zip(wide.samples, expected.samples).allSatisfy { abs(Int($0) - Int($1)) <= 6 })
            try await client.expect(
                part + "/^48,8/0/default.png", wide.resizedBicubic(height: 8, width: 48))
            let tall = try await client.image(part + "/^24,32/0/default.png")
            try await client.expect(
                part + "/^12,32/0/default.png", tall.resizedBicubic(height: 32, width: 12))
        }
    }

    @Test func qualitiesAreGreyAndInColour() async throws {
        try await withServer { client in
            let pixels = "/full/max/0/"
            try await client.expect(
                "/iiif/3/photo\(pixels)gray.png", picture(width: 96, height: 64, channels: 3).grey())
            try await client.expect(
                "/iiif/3/alpha\(pixels)gray.png", picture(width: 30, height: 40, channels: 4).grey())
            try await client.expect(
                "/iiif/3/grey\(pixels)color.png", picture(width: 40, height: 30, channels: 1).rgb())
            try await client.expect(
                "/iiif/3/photo\(pixels)color.png", picture(width: 96, height: 64, channels: 3))
        }
    }

    /// In colour as by default, what is transparent stays so.
    @Test func greyWithAlphaInColourKeepsItsAlpha() async throws {
        let veil = picture(width: 20, height: 10, channels: 2)
        var coloured = Image<UInt8>(width: 20, height: 10, channels: 4)
        for i in coloured.samples.indices {
            coloured.samples[i] = veil.samples[i / 4 * 2 + (i % 4 == 3 ? 1 : 0)]
        }
        let expected = coloured
        try await withServer(adding: { try veil.write(to: $0 + "/veil.png") }) { client in
            try await client.expect("/iiif/3/veil/full/max/0/color.png", expected)
            try await client.expect("/iiif/3/veil/full/max/0/default.png", veil)
        }
    }

    /// Under other limits `max` is another size, and what is pressed to a line may not be the model's: other bytes, other tags.
    @Test func theLimitsDecideOnBytesAndTags() async throws {
        try await withTemporaryFolder { folder in
            try picture(width: 96, height: 64, channels: 3).write(to: folder + "/photo.png")
            func answer(_ size: String, _ side: Int, area: Int) async throws -> Answer {
                try await withServer(
                    { $0.limits = SizeLimits(width: side, height: side, area: area) },
                    of: [folder + "/photo.png"]
                ) { try await $0.get("/iiif/3/photo/full/\(size)/0/default.png") }
            }
            for (size, sides, areas) in [
                ("max", [48, 60], [10_000, 10_000]), ("^1,128", [128, 128], [10_000, 20_000]),
            ] {
                let first = try await answer(size, sides[0], area: areas[0])
                let second = try await answer(size, sides[1], area: areas[1])
                #expect(first.status == 200 && second.status == 200)
                #expect(first.body != second.body, "\(size)")
                #expect(first.headers["etag"] != second.headers["etag"], "\(size)")
                let again = try await answer(size, sides[0], area: areas[0])
                #expect(again.headers["etag"] == first.headers["etag"] && again.body == first.body)
            }
        }
    }

    /// One file over three runs. Equal tags promise equal bytes.
    @Test func theQualityOfJPEGDecidesOnBytesAndTags() async throws {
        try await withTemporaryFolder { folder in
            let original = picture(width: 96, height: 64, channels: 3)
            try original.write(to: folder + "/photo.png")
            func tag(_ quality: Int) async throws -> String? {
                try await withServer({ $0.jpegQuality = quality }, of: [folder + "/photo.png"]) {
                    client -> String? in
                    let target = "/iiif/3/photo/full/max/0/default"
                    let jpeg = try await client.get(target + ".jpg")
                    #expect(jpeg.headers["content-type"] == "image/jpeg")
                    let jpegBytes = try original.encoded(
                        as: .jpeg, options: EncodingOptions(jpegQuality: quality))
                    #expect([UInt8](jpeg.body) == jpegBytes)
                    let webp = try await client.get(target + ".webp")
                    #expect(webp.headers["content-type"] == "image/webp")
                    #expect(webp.body.starts(with: "RIFF".utf8))
                    let webpBytes = try original.encoded(
                        as: .webp, options: EncodingOptions(webpQuality: quality))
                    #expect([UInt8](webp.body) == webpBytes)
                    return jpeg.headers["etag"]
                }
            }
            let first = try await tag(30)
            #expect(first != nil)
            #expect(try await tag(90) != first)
            #expect(try await tag(30) == first)
        }
    }

    /// Answers have no profile.
    @Test func coloursAreServedInSRGB() async throws {
        let stored = picture(width: 40, height: 30, channels: 3)
        let p3 = ImageMetadata(color: .profile(try Fixture.bytes("p3.icc")))
        try await withServer(
            adding: { try stored.write(to: $0 + "/wide.tif", metadata: p3) }
        ) { client in
            let expected = try Image<UInt8>.read(from: client.folder + "/wide.tif", inSRGB: true)
            #expect(expected != stored)
            try await client.expect("/iiif/3/wide/full/max/0/default.png", expected)
        }
    }
}
