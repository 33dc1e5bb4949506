import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// What is JPEG XL's own.
@Suite struct JPEGXLTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func picture<Sample: ImageSample>(
        _ width: Int, _ height: Int, _ channels: Int, _ sample: (Int, Int, Int) -> Sample
    ) -> Image<Sample> {
        var image = Image<Sample>(width: width, height: height, channels: channels)
        for y in 0..<height {
            for x in 0..<width { for c in 0..<channels { image[y, x, c] = sample(y, x, c) } }
        }
        return image
    }

    private func difference(_ a: Image<UInt8>, _ b: Image<UInt8>) -> Int {
        zip(a.samples, b.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    private func meanDifference(_ a: Image<UInt8>, _ b: Image<UInt8>) -> Double {
        Double(zip(a.samples, b.samples).map { abs(Int($0) - Int($1)) }.reduce(0, +))
            / Double(a.samples.count)
    }

    @Test func bothHeadersAreKnown() throws {
        #expect(try Fixture.bytes("lossy.jxl").starts(with: [0xFF, 0x0A]))
        #expect(try Fixture.bytes("grey.jxl").starts(with: [0, 0, 0, 12]))
        for name in ["lossy.jxl", "grey.jxl"] {
            #expect(try ImageFile.source(at: try Fixture.path(name)).format == .jpegXL)
        }
    }

    /// With loss the file holds the profile's white, primaries and curve, from which the reader makes another profile.
    @Test func withLossAProfilesLookIsKept() throws {
        let p3 = ImageMetadata(color: .profile(try Fixture.bytes("p3.icc")))
        let image = picture(32, 24, 3) { y, x, c in
            UInt8(60 + (c == 0 ? 5 * x : c == 1 ? 6 * y : 2 * (x + y)))
        }
        try image.write(to: folder.file("a.tif"), metadata: p3)
        try image.write(to: folder.file("a.jxl"), metadata: p3)
        let source = try ImageFile.source(at: folder.file("a.jxl"))
        #expect(!source.metadata.color.isSRGB)
        let expected = try Image<UInt8>.read(from: folder.file("a.tif"), inSRGB: true)
        let found = try Image<UInt8>.read(from: folder.file("a.jxl"), inSRGB: true)
        // Taken as sRGB, the samples are 6.7 levels off.
        #expect(meanDifference(image, expected) > 6)
        #expect(meanDifference(found, expected) < 2, "\(meanDifference(found, expected))")
    }

    /// A sound header and nothing behind it, of which Debian's libjxl would print that it cannot use it.
    @Test func anEmptyProfileIsLeftOutInSilence() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let folder = try TemporaryFolder()
            var profile = [UInt8](repeating: 0, count: 132)
            profile[3] = 132
            profile.replaceSubrange(8..<10, with: [4, 0x20])
            profile.replaceSubrange(12..<24, with: Array("mntrRGB XYZ ".utf8))
            profile.replaceSubrange(36..<40, with: Array("acsp".utf8))
            profile.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
            try Image<UInt8>(width: 8, height: 8, channels: 3).write(
                to: folder.file("a.jxl"), metadata: ImageMetadata(color: .profile(profile)))
            guard try ImageFile.source(at: folder.file("a.jxl")).metadata.color == .sRGB else { exit(3) }
        }
        #expect(result?.standardErrorContent.isEmpty == true)
    }

    @Test(arguments: [1, 2, 4]) func withLossGreyAndTransparencyStay(channels: Int) throws {
        let image = picture(40, 40, channels) { y, x, c in
            UInt8(c == channels - 1 && channels % 2 == 0 ? 6 * x : 3 * (x + y))
        }
        try image.write(to: folder.file("a.jxl"))
        let back = try Image<UInt8>.read(from: folder.file("a.jxl"))
        try #require(back.channels == channels)
        #expect(difference(back, image) <= 12)
        guard channels % 2 == 0 else { return }
        #expect(difference(back.channel(channels - 1), image.channel(channels - 1)) <= 2)
    }

    @Test func withLossSixteenBitsStayFinerThanEight() throws {
        // A ramp within four levels of 8 bits.
        let image = picture(64, 16, 3) { _, x, _ in UInt16(30000 + 16 * x) }
        try image.write(to: folder.file("a.jxl"), options: EncodingOptions(jpegXLQuality: 100))
        let back = try Image<UInt16>.read(from: folder.file("a.jxl"))
        #expect(Set(back.samples).count > 16)
        #expect(zip(back.samples, image.samples).allSatisfy { abs(Int($0) - Int($1)) < 128 })
    }

    @Test func qualityDecidesTheSize() throws {
        var sizes: [Int] = []
        let image = TestPicture.chart(3, of: UInt8.self)
        for quality in [5, 29, 30, 60, 90, 100] {
            try image.write(to: folder.file("a.jxl"), options: EncodingOptions(jpegXLQuality: quality))
            sizes.append(try folder.bytes("a.jxl").count)
        }
        #expect(sizes == sizes.sorted() && Set(sizes).count >= 6, "\(sizes)")
    }

    @Test func truncatedAnywhere() throws {
        for name in ["lossless.jxl", "lossy.jxl", "camera.jxl"] {
            let bytes = try Fixture.bytes(name)
            for count in stride(from: 12, to: bytes.count - 1, by: 11) {
                let path = try folder.file(name, containing: Array(bytes[..<count]))
                let error = #expect(throws: ImageCodecError.self, "\(name), \(count) bytes") {
                    try Image<UInt8>.read(from: path)
                }
                #expect(try #require(error).description.hasPrefix(path))
            }
        }
    }
}
