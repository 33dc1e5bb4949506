import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

@Suite struct SirenTests {
    @Test func fitsAndEnlarges() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 12, height: 9).write(to: folder + "/a.png")
            let arguments = ["siren", "a.png", "-o", "b.png", "--scale", "2.5", "--iterations", "400"]
            let outcome = try liif(arguments, in: folder)
            #expect(outcome.status == 0 && outcome.output == "")
            #expect(outcome.errors.hasPrefix("b.png: 30×23 pixels in "))
            let first = try Image<UInt8>.read(from: folder + "/b.png")
            #expect(first.width == 30 && first.height == 23 && first.channels == 3)
            // Reduced to the input's size it is near the input: the fit is not of something else.
            let input = testPicture(width: 12, height: 9)
            let back = first.resizedBicubic(height: 9, width: 12)
            let error = zip(back.samples, input.samples).map { abs(Int($0) - Int($1)) }
            #expect(error.reduce(0, +) / error.count < 25)
            // The same again, under the name that it has by default.
            #expect(try liif(["siren", "a.png"] + arguments[4...], in: folder).status == 0)
            #expect(try Image<UInt8>.read(from: folder + "/a-siren.png") == first)
        }
    }

    @Test func wrongOptions() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            try expectFailure(
                "siren", "input.png", "-o", "b.png", "--scale", "2", "--iterations", "0", status: 64,
                error: "--iterations 0: at least 1 is needed.", in: folder)
            try expectFailure(
                "siren", "input.png", "-o", "b.png", "--scale", "2", "--learning-rate", "-1", status: 64,
                error: "--learning-rate -1.0: expected a number above 0, 1e-4 for example.", in: folder)
            try expectFailure(
                "siren", "input.png", "-o", "b.png", "--scale", "2", "--learning-rate", "1e38",
                "--iterations",
                "9", status: 64,
                error: "--learning-rate 1e+38: the fit diverged by iteration 2; choose a smaller rate.",
                in: folder)
            try expectFailure(
                "siren", "input.png", "-o", "b.png", status: 64,
                error: "The output's size is missing: give --scale, --size, --width, --height, --fit or "
                    + "--max-megapixels, --scale 2 for example.", in: folder)
            try expectFailure(
                "siren", "input.png", "-o", "b.png", "--scale", "1000", status: 64,
                error:
                    "The output would have 24000×18000 pixels, more than the limit of 268.4 megapixels; choose a "
                    + "smaller one.", in: folder)
            try expectFailure(
                "siren", "input.png", "-o", "./input.png", "--scale", "2", status: 64,
                error: "./input.png is the input itself; choose another name for the output.", in: folder)
            let missing = try liif(["siren", "none.png", "-o", "b.png", "--scale", "2"], in: folder)
            #expect(missing.status == 1 && missing.errors.hasPrefix("Error: none.png"))
            #expect(try contents(of: folder)["b.png"] == nil)
        }
    }
}
