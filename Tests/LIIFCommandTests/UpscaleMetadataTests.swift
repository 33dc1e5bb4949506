import Foundation
import ImageCodecs
import Imaging
import LIIF
import PictureFixtures
import TestSupport
import Testing

/// What the command does with metadata; that the codecs carry them is tested with the codecs.
@Suite struct UpscaleMetadataTests {
    /// 24×18 as stored, to be seen upright as 18×24; 300 pixels per inch.
    private func writePhoto(in folder: String) throws {
        let picture = testPicture(width: 24, height: 18)
        let sink = try ImageFile.sink(
            at: folder + "/photo.jpg", info: ImageInfo(width: 24, height: 18, channels: 3),
            metadata: ImageMetadata(
                orientation: Orientation(rawValue: 6)!, density: PixelDensity(horizontal: 300, vertical: 300))
        )
        try sink.writeRows(picture)
        try sink.finish()
    }

    private func contains(_ text: String, _ path: String) throws -> Bool {
        try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data(text.utf8)) != nil
    }

    @Test(arguments: ["png", "jpg", "tif", "webp", "jxl"]) func metadataAreKeptAndProvenanceIsNoted(
        pathExtension: String
    ) throws {
        try withTemporaryFolder { folder in
            try writePhoto(in: folder)
            let output = folder + "/out.\(pathExtension)"
            let outcome = try liif(["upscale", "photo.jpg", "-o", output, "--scale", "2"], in: folder)
            #expect(outcome.status == 0)
            let source = try ImageFile.source(at: output)
            // Upright, once.
            #expect(source.info.width == 36 && source.info.height == 48)
            #expect(try ImageFile.source(at: output, upright: false).metadata.orientation == .up)
            // These have no field of their own for it, and the input has no EXIF with it.
            if pathExtension != "webp" && pathExtension != "jxl" {
                let density = try #require(source.metadata.density)
                #expect(abs(density.horizontal - 300) < 0.1 && abs(density.vertical - 300) < 0.1)
            }
            #expect(try contains("liif 0", output) && contains("; model default; scale 2", output))
        }
    }

    @Test func nothingIsLeftOfThemByStrip() throws {
        try withTemporaryFolder { folder in
            try writePhoto(in: folder)
            for output in ["out.png", "out.jpg", "out.tif", "out.webp", "out.jxl"] {
                let arguments = ["upscale", "photo.jpg", "-o", output, "--scale", "2", "--strip"]
                #expect(try liif(arguments, in: folder).status == 0)
                let source = try ImageFile.source(at: folder + "/" + output)
                #expect(source.info.width == 36)
                #expect(source.metadata.exif == nil && source.metadata.xmp == nil)
                #expect(try !contains("model default", folder + "/" + output))
            }
        }
    }

    /// Writes `wide.tif`, 24×18 of Display P3.
    /// - Returns: Its pixels, and what they are in sRGB.
    private func writeWide(in folder: String) throws -> (stored: Image<UInt8>, inSRGB: Image<UInt8>) {
        let stored = testPicture(width: 24, height: 18)
        let p3 = ColorEncoding.profile(try Fixture.bytes("p3.icc"))
        try stored.write(to: folder + "/wide.tif", metadata: ImageMetadata(color: p3))
        let converted = try Image<UInt8>.read(from: folder + "/wide.tif", inSRGB: true)
        #expect(converted != stored)
        return (stored, converted)
    }

    /// Pixels are as stored where the profile stays with them, and in sRGB where it does not.
    @Test func coloursAreConvertedWhereTheirProfileIsDropped() throws {
        try withTemporaryFolder { folder in
            let (stored, inSRGB) = try writeWide(in: folder)
            let arguments = ["upscale", "wide.tif", "-o", "out.png", "--scale", "1"]
            #expect(try liif(arguments, in: folder).status == 0)
            #expect(try Image<UInt8>.read(from: folder + "/out.png", inSRGB: false) == stored)
            let p3 = ColorEncoding.profile(try Fixture.bytes("p3.icc"))
            #expect(try ImageFile.source(at: folder + "/out.png").metadata.color == p3)
            #expect(try liif(arguments + ["--strip"], in: folder).status == 0)
            #expect(try Image<UInt8>.read(from: folder + "/out.png") == inSRGB)
            #expect(try ImageFile.source(at: folder + "/out.png").metadata.color.isSRGB)
        }
    }

    /// A file of features has no profile.
    @Test func featuresAreOfColoursInSRGB() throws {
        try withTemporaryFolder { folder in
            let (_, inSRGB) = try writeWide(in: folder)
            #expect(try liif(["encode", "wide.tif", "-o", "a.liif"], in: folder).status == 0)
            #expect(try FeatureFile(path: folder + "/a.liif").rows(0..<18, as: UInt8.self) == inSRGB)
        }
    }
}
