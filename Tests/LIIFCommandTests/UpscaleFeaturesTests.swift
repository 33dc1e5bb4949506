import Foundation
import ImageCodecs
import Imaging
import LIIF
import Tensors
import TestSupport
import Testing

/// `liif upscale` with files of features, and with all eight turns.
@Suite struct UpscaleFeaturesTests {
    private let options = ["--scale", "2.5", "--precision", "float32"]

    @Test func anOutputOfFeaturesIsWhatEncodeWrites() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let outcome = try liif(["upscale", "input.png", "-o", "a.liif"], in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try liif(["encode", "input.png", "-o", "b.liif"], in: folder).status == 0)
            let written = try contents(of: folder)
            #expect(try #require(written["a.liif"]) > 24 * 18 * 128)
            func bytes(_ name: String) throws -> Data {
                try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).liif"))
            }
            #expect(try bytes("a") == bytes("b"))
            // It is shown without the picture.
            try FileManager.default.removeItem(atPath: folder + "/input.png")
            #expect(try liif(["upscale", "a.liif", "-o", "out.png"] + options, in: folder).status == 0)
            let image = try LIIFModel.default().encode(
                testPicture(width: 24, height: 18), precision: .float32)
            let expected: Image<UInt8> = try image.rendered(height: 45, width: 60).rounded()
            let shown = try Image<UInt8>.read(from: folder + "/out.png")
            // The features are kept in BF16.
            #expect(zip(shown.samples, expected.samples).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
        }
    }

    @Test(arguments: ["encode", "upscale"]) func featuresNeverReplaceTheirPicture(command: String) throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: folder + "/soft.liif", withDestinationPath: "input.png")
            try manager.linkItem(atPath: folder + "/input.png", toPath: folder + "/hard.liif")
            for output in ["soft.liif", "hard.liif"] {
                try expectFailure(
                    command, "input.png", "-o", output, status: 64,
                    error: "\(output) is the input itself; choose another name for the output.", in: folder)
            }
        }
    }

    /// Both ways to a picture show the same of a transparent one, whose hidden colours are stripes: the colours but for the
    /// features' storage in BF16, at most two levels of 8 bits, the alpha to the bit.
    @Test(arguments: [(8, 4), (16, 4), (8, 2)])
    func featuresOfATransparentPictureShowWhatThePictureShows(bits: Int, channels: Int) throws {
        try withTemporaryFolder { folder in
            var input = Image<UInt16>(depthOf: testPicture(width: 40, height: 30, channels: channels))
            for y in 0..<30 {
                for x in 0..<40 {
                    let alpha: UInt16 = x + y < 25 ? 0 : x + y < 40 ? 32_896 : 65_535
                    input[y, x, channels - 1] = alpha
                    guard alpha == 0 else { continue }
                    for c in 0..<channels - 1 { input[y, x, c] = y % 2 == 0 ? 65_535 : 0 }
                }
            }
            if bits == 16 {
                try input.write(to: folder + "/input.png")
            } else {
                try Image<UInt8>(depthOf: input).write(to: folder + "/input.png")
            }
            #expect(try liif(["encode", "input.png", "-o", "a.liif"], in: folder).status == 0)
            #expect(try liif(["upscale", "a.liif", "-o", "a.png"] + options, in: folder).status == 0)
            #expect(try liif(["upscale", "input.png", "-o", "b.png"] + options, in: folder).status == 0)
            let a = try Image<UInt16>.read(from: folder + "/a.png")
            let b = try Image<UInt16>.read(from: folder + "/b.png")
            #expect(try ImageFile.source(at: folder + "/a.png").info.bitsPerSample == bits)
            for (i, pair) in zip(a.samples, b.samples).enumerated() where i % channels != channels - 1 {
                #expect(abs(Int(pair.0) - Int(pair.1)) <= 2 * 257, "value \(i)")
            }
            let alpha = a.channel(channels - 1)
            #expect(alpha == b.channel(channels - 1))
            let steps = Set(alpha.samples.map { $0 % 257 })
            #expect(bits == 16 ? steps.count > 50 : steps == [0], "alpha keeps its depth")
        }
    }

    /// A cell that is told counts for features as it does for pictures.
    @Test func featuresAreToldTheCell() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            #expect(try liif(["encode", "input.png", "-o", "input.liif"], in: folder).status == 0)
            func shown(_ input: String, _ more: String...) throws -> Image<UInt8> {
                #expect(
                    try liif(["upscale", input, "-o", "out.png", "--overwrite"] + options + more, in: folder)
                        .status == 0)
                return try Image<UInt8>.read(from: folder + "/out.png")
            }
            let told = try shown("input.liif", "--cell", "1.2")
            let expected = try shown("input.png", "--cell", "1.2")
            #expect(zip(told.samples, expected.samples).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
            #expect(try shown("input.liif") != told)
        }
    }

    /// More rows than a tile has, in strips that end within tiles.
    @Test func pixelsOfFeaturesAreThePicture() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 20, height: 300).write(to: folder + "/input.png")
            #expect(try liif(["encode", "input.png", "-o", "input.liif"], in: folder).status == 0)
            for input in ["input.liif", "input.png"] {
                #expect(
                    try liif(
                        ["upscale", input, "-o", input + ".png", "--scale", "0.7"], in: folder
                    ).status == 0)
            }
            let shown = try Image<UInt8>.read(from: folder + "/input.liif.png")
            #expect(try shown == Image<UInt8>.read(from: folder + "/input.png.png"))
        }
    }

    @Test(arguments: [
        (
            ["--scale", "2"],
            "a file of features holds the whole picture, for any size; leave size and view out."
        ),
        (
            ["--region", "0,0,5,5"],
            "a file of features holds the whole picture, for any size; leave size and view out."
        ),
        (["other.png"], "a file of features is made of one picture's file."),
    ])
    func whatMakesNoSenseForFeatures(options: [String], error: String) throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let outcome = try liif(["upscale", "input.png", "-o", "out.liif"] + options, in: folder)
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("Error: out.liif: \(error)\n"), "\(outcome.errors)")
            #expect(try contents(of: folder).keys.sorted() == ["input.png"])
        }
    }

    @Test(arguments: [
        ["--json"], ["--resume"], ["--quality", "90"], ["--format", "png"], ["--strip"], ["--lossless"],
        ["--tiff-compression", "lzw"], ["--tiff-tile", "64"],
    ])
    func whatIsForPicturesOnly(options: [String]) throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let outcome = try liif(["upscale", "input.png", "-o", "out.liif"] + options, in: folder)
            let error = "--resume, --json and options of formats and folders are for pictures."
            #expect(outcome.status == 64 && outcome.errors.hasPrefix("Error: out.liif: \(error)\n"))
            #expect(try contents(of: folder).keys.sorted() == ["input.png"])
        }
    }

    /// The oracle is the library.
    @Test func selfEnsembleAveragesTheEightTurns() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let arguments = ["upscale", "input.png", "-o", "out.png", "--self-ensemble"] + options
            #expect(try liif(arguments, in: folder).status == 0)
            let picture = FloatImage(testPicture(width: 24, height: 18))
            let expected: Image<UInt8> = try LIIFModel.default().upscaledBySelfEnsemble(
                picture, height: 45, width: 60, precision: .float32
            ).rounded()
            let shown = try Image<UInt8>.read(from: folder + "/out.png")
            #expect(shown == expected)
            let plain: Image<UInt8> = try LIIFModel.default().encode(picture, precision: .float32)
                .rendered(height: 45, width: 60).rounded()
            #expect(shown != plain)
        }
    }

    @Test func selfEnsembleNeedsThePicture() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            #expect(try liif(["encode", "input.png", "-o", "a.liif"], in: folder).status == 0)
            let outcome = try liif(
                ["upscale", "a.liif", "-o", "out.png", "--self-ensemble"] + options, in: folder)
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains(
                    "a.liif holds the features of the upright picture alone; give --self-ensemble the picture itself."
                ))
            #expect(try contents(of: folder).keys.sorted() == ["a.liif", "input.png"])
        }
    }
}
