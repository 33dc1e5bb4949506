import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// Every command refuses a header of too many pixels, and names `--pixel-limit` where it has it; `upscale` is tested with
/// its errors.
@Suite struct PixelLimitTests {
    /// `bomb.png` of 65536×65536 pixels, and `small.png` of 50×40.
    private func withPictures(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(atPath: fixture("bomb.png"), toPath: folder + "/bomb.png")
            try testPicture(width: 50, height: 40).write(to: folder + "/small.png")
            try body(folder)
        }
    }

    @Test func encodeHasTheOption() throws {
        try withPictures { folder in
            let words = "announces 65536×65536 pixels, more than the limit of 268.4 megapixels"
            for command in ["encode", "upscale"] {
                try expectFailure(
                    command, "bomb.png", "-o", "a.liif", status: 1,
                    error:
                        "bomb.png \(words); if the file is trusted, raise it with --pixel-limit 4295.",
                    in: folder)
                try expectFailure(
                    command, "small.png", "-o", "a.liif", "--pixel-limit", "0.001", status: 1,
                    error:
                        "small.png announces 50×40 pixels, more than the limit of 0.001 megapixels; if the file is "
                        + "trusted, raise it with --pixel-limit 1.", in: folder)
            }
            let raised = ["encode", "small.png", "-o", "a.liif", "--pixel-limit", "0.002"]
            #expect(try liif(raised, in: folder).status == 0)
        }
    }

    /// A file that is named must be read, or nothing is served.
    @Test func serveHasTheOption() throws {
        try withPictures { folder in
            let arguments = ["serve", "small.png", "--port", "0", "--pixel-limit"]
            let outcome = try liif(arguments + ["0.001"], in: folder)
            #expect(outcome.status == 1 && outcome.output == "")
            #expect(
                outcome.errors.contains("50×40 pixels, more than the limit of 0.001 megapixels"),
                "\(outcome.errors)")
            let wrong = try liif(arguments + ["0"], in: folder)
            #expect(wrong.status == 64)
            #expect(
                wrong.errors.hasPrefix(
                    "Error: --pixel-limit 0.0: expected megapixels above 0, 500 for example.\n"))
        }
    }

    @Test func whereThereIsNoneNoneIsNamed() throws {
        try withPictures { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/set", withIntermediateDirectories: false)
            try FileManager.default.moveItem(atPath: folder + "/bomb.png", toPath: folder + "/set/bomb.png")
            let error =
                "set/bomb.png announces 65536×65536 pixels, more than the limit of 268.4 megapixels."
            try expectFailure(
                "siren", "set/bomb.png", "-o", "a.png", "--width", "8", status: 1, error: error, in: folder)
            try expectFailure("evaluate", "--set", "set", status: 1, error: error, in: folder)
        }
    }
}
