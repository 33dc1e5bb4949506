import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// How outputs are stored, at scale 1, where the picture is what it was.
@Suite struct UpscaleFormatTests {
    private let picture = testPicture(width: 64, height: 48)

    private func write(_ output: String, _ options: String..., in folder: String) throws {
        try picture.write(to: folder + "/input.png")
        let outcome = try liif(["upscale", "input.png", "-o", output, "--scale", "1"] + options, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(arguments: ["out.webp", "out.jxl"]) func losslessKeepsEveryPixel(output: String) throws {
        try withTemporaryFolder { folder in
            try write(output, "--lossless", in: folder)
            #expect(try Image<UInt8>.read(from: folder + "/" + output) == picture)
            try write(output, in: folder)
            #expect(try Image<UInt8>.read(from: folder + "/" + output) != picture)
        }
    }

    /// PNG and TIFF are without loss in any case.
    @Test func losslessIsNotForJPEG() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/album", withIntermediateDirectories: false)
            try picture.write(to: folder + "/album/a.png")
            try picture.write(to: folder + "/album/b.jpg")
            try expectFailure(
                "upscale", "album/a.png", "-o", "out.jpg", "--scale", "1", "--lossless", status: 64,
                error: "--lossless: JPEG has no such kind; end the name in .png, .webp or .jxl.", in: folder)
            let other = "--lossless: JPEG has no such kind; give --format png, webp or jxl."
            try expectFailure(
                "upscale", "album", "-o", "out", "--scale", "1", "--lossless", "--format", "jpeg", status: 64,
                error: other, in: folder)
            let outcome = try liif(
                ["upscale", "album", "-o", "out", "--scale", "1", "--lossless"], in: folder)
            #expect(outcome.status == 1 && outcome.errors.contains("Error: album/b.jpg: \(other)\n"))
            #expect(try contents(of: folder + "/out").keys.sorted() == ["a.png"])
        }
    }

    /// JPEG is tested with the scales.
    @Test(arguments: ["out.webp", "out.jxl"]) func lessQualityTakesLessRoom(output: String) throws {
        try withTemporaryFolder { folder in
            var sizes: [Int] = []
            for quality in ["20", "95"] {
                try write(output, "--quality", quality, in: folder)
                sizes.append(try #require(try contents(of: folder)[output]))
            }
            #expect(sizes[0] < sizes[1])
        }
    }

    /// The value of an entry of `out.tif`, little-endian.
    private func tiffValue(_ tag: Int, in folder: String) throws -> Int {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/out.tif")))
        let directory = try #require(TIFFStructure(bytes)).imageDirectory
        let entry = try #require(directory.first { $0.tag == tag }, "tag \(tag)")
        return entry.value.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The numbers are those of TIFF's tag Compression.
    @Test(arguments: [("none", 1), ("lzw", 5), ("deflate", 8)])
    func tiffIsCompressedAsAskedFor(method: String, number: Int) throws {
        try withTemporaryFolder { folder in
            try write("out.tif", "--tiff-compression", method, in: folder)
            #expect(try tiffValue(259, in: folder) == number)
            #expect(try Image<UInt8>.read(from: folder + "/out.tif") == picture)
        }
    }

    /// 48 rows are a tile and a half.
    @Test func tiffHasTilesOfTheSideAskedFor() throws {
        try withTemporaryFolder { folder in
            try write("out.tif", "--tiff-tile", "32", in: folder)
            #expect(try tiffValue(322, in: folder) == 32 && tiffValue(323, in: folder) == 32)
            #expect(try Image<UInt8>.read(from: folder + "/out.tif") == picture)
        }
    }
}
