import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// An alpha channel that is full everywhere is no reason not to write a JPEG file, which has none.
@Suite struct UpscaleOpaqueTests {
    /// Writes `plain.png`, grey or RGB, and `opaque.png`, the same with alpha.
    private func writePictures(channels: Int, in folder: String) throws {
        let plain = testPicture(width: 24, height: 18, channels: channels)
        var opaque = Image<UInt8>(width: 24, height: 18, channels: channels + 1, repeating: 255)
        for y in 0..<18 {
            for x in 0..<24 {
                for c in 0..<channels { opaque[y, x, c] = plain[y, x, c] }
            }
        }
        try plain.write(to: folder + "/plain.png")
        try opaque.write(to: folder + "/opaque.png")
    }

    /// The oracle is the picture without alpha.
    private func expectTheSame(_ inputs: [String], _ options: [String], channels: Int, in folder: String)
        throws
    {
        var results: [Image<UInt8>] = []
        for input in inputs {
            let arguments = ["upscale", input, "-o", "out.jpg", "--precision", "float32"] + options
            let outcome = try liif(arguments, in: folder)
            #expect(outcome.status == 0, "\(input) \(options): \(outcome.errors)")
            results.append(try Image<UInt8>.read(from: folder + "/out.jpg"))
        }
        #expect(results[0].channels == channels && results[0] == results[1], "\(options)")
    }

    /// By the model, by bicubic interpolation, by both, and by the model for all eight turns.
    @Test(arguments: [1, 3]) func itBecomesAJPEG(channels: Int) throws {
        try withTemporaryFolder { folder in
            try writePictures(channels: channels, in: folder)
            for options in [
                ["--scale", "2"], ["--scale", "0.5"], ["--scale", "1"], ["--size", "40x9"],
                ["--scale", "1.5", "--self-ensemble"],
            ] {
                try expectTheSame(["plain.png", "opaque.png"], options, channels: channels, in: folder)
            }
            for name in ["plain", "opaque"] {
                #expect(try liif(["encode", "\(name).png", "-o", "\(name).liif"], in: folder).status == 0)
            }
            try expectTheSame(
                ["plain.liif", "opaque.liif"], ["--scale", "2"], channels: channels, in: folder)
        }
    }

    @Test func inAFolderTransparentOnesAloneFail() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/album", withIntermediateDirectories: false)
            try writePictures(channels: 3, in: folder + "/album")
            try testPicture(width: 8, height: 8, channels: 4).write(to: folder + "/album/glass.png")
            let arguments = ["upscale", "album", "-o", "out", "--scale", "2", "--format", "jpeg"]
            let outcome = try liif(arguments, in: folder)
            #expect(outcome.status == 1 && outcome.errors.contains("2 of 3 pictures in "))
            #expect(
                outcome.errors.contains(
                    "album/glass.png: out/glass.jpg cannot be a JPEG file: it holds no transparency; "))
            let again = try liif(arguments, in: folder)
            #expect(again.status == 1 && again.errors.contains("0 of 3 pictures in "))
            #expect(again.errors.contains(", 2 skipped, "))
            // Where the format has a place for it, it stays.
            #expect(
                try liif(["upscale", "album/opaque.png", "-o", "o.png", "--scale", "2"], in: folder).status
                    == 0)
            #expect(try ImageFile.source(at: folder + "/o.png").info.channels == 4)
        }
    }
}
