import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// PNG's cICP: primaries, transfer, matrix, range by their numbers in ITU-T H.273.
@Suite struct ColorCodeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A PNG file with chunks before its pixels.
    private func file<Sample: ImageSample>(
        _ image: Image<Sample>, _ chunks: [(String, [UInt8])], metadata: ImageMetadata = ImageMetadata()
    ) throws -> String {
        try image.write(to: folder.file("plain.png"), metadata: metadata)
        var bytes = try folder.bytes("plain.png")
        let place = try #require(PNGChunks.position(of: "IDAT", in: bytes))
        bytes.insert(contentsOf: chunks.flatMap { PNGChunks.chunk($0.0, $0.1) }, at: place)
        return try folder.file("coded.png", containing: bytes)
    }

    @Test func displayP3IsTheSameByNumbersAndByProfile() throws {
        let image = TestPicture.chart(4, of: UInt8.self)
        let p3 = ImageMetadata(color: .profile(try Fixture.bytes("p3.icc")))
        try image.write(to: folder.file("profile.tif"), metadata: p3)
        let expected = try Image<UInt8>.read(from: folder.file("profile.tif"))
        let path = try file(image, [("cICP", [12, 13, 0, 1])])
        let found = try Image<UInt8>.read(from: path)
        let worst = zip(found.samples, expected.samples).map { abs(Int($0) - Int($1)) }.max()
        #expect(try #require(worst) <= 2 && expected != image)
        #expect(try Image<UInt8>.read(from: path, inSRGB: false) == image)
        // As a profile it outlives a change of format.
        try image.write(to: folder.file("b.tif"), metadata: try ImageFile.source(at: path).metadata)
        #expect(try Image<UInt8>.read(from: folder.file("b.tif")) == found)
    }

    /// The oracles: sRGB's curve of PQ's 92.2 of 10,000 cd/m² and of HLG's twelfth, in 16 bits.
    @Test(arguments: [(UInt8(16), 6209), (18, 20946)]) func halfOfHDRIsLittleLight(
        transfer: UInt8, level: Int
    ) throws {
        for channels in [1, 3] {
            let half = Image<UInt16>(width: 3, height: 2, channels: channels, repeating: 32768)
            let path = try file(half, [("cICP", [9, transfer, 0, 1])])
            let light = try Image<UInt16>.read(from: path)
            #expect(light.samples.allSatisfy { abs(Int($0) - level) < 200 }, "\(light.samples)")
            #expect(try !ImageFile.source(at: path).metadata.color.isSRGB)
        }
    }

    @Test func numbersGoBeforeOtherChunks() throws {
        let image = TestPicture.chart(3, of: UInt8.self)
        let gamma = ("gAMA", PNGChunks.bigEndian(100_000))
        func color(_ chunks: [(String, [UInt8])], _ metadata: ImageMetadata = ImageMetadata()) throws
            -> ColorEncoding
        { try ImageFile.source(at: try file(image, chunks, metadata: metadata)).metadata.color }
        #expect(try color([("cICP", [1, 13, 0, 1]), gamma]) == .sRGB)
        let p3 = ImageMetadata(color: .profile(try Fixture.bytes("p3.icc")))
        #expect(try color([("cICP", [1, 13, 0, 1])], p3) == .sRGB)
        // Video's curve; a narrow range; YCbCr; too short.
        for code in [[12, 1, 0, 1], [12, 13, 0, 0], [12, 13, 1, 1], [12, 13, 0]] as [[UInt8]] {
            #expect(try color([("cICP", code)]) == .unspecified, "\(code)")
            #expect(try color([("cICP", code)], p3) == p3.color, "\(code)")
        }
    }
}
