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

    @Test(arguments: [
        (
            ["--scale", "2"],
            "a file of features holds the whole picture, for any size; leave size and view out."
        ),
        (
            ["--region", "0,0,5,5"],
            "a file of features holds the whole picture, for any size; leave size and view out."
        ),
        (["--json"], "--resume, --json and a folder's options are for pictures."),
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
