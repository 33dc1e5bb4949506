import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import TestSupport
import Testing

/// What `liif upscale` passes over it names: files of formats that are not read, pages behind the first, options for
/// a model that is not used.
@Suite struct UpscalePassedOverTests {
    private func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// `album` with a picture, three files of formats that are not read, and one more of them in `album/sub`.
    private func withAlbum(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/album/sub", withIntermediateDirectories: true)
            try testPicture(width: 8, height: 6).write(to: folder + "/album/a.png")
            for name in ["IMG_1.HEIC", "b.heic", "c.gif", "notes.txt", ".hidden.gif", "sub/d.avif"] {
                try write([0], to: "\(folder)/album/\(name)")
            }
            try body(folder)
        }
    }

    @Test func filesOfOtherFormatsAreCounted() throws {
        try withAlbum { folder in
            func run(_ options: String...) throws -> Outcome {
                let arguments = ["upscale", "album", "-o", "out", "--width", "5", "--overwrite"]
                return try liif(arguments + options, in: folder)
            }
            let words = "2 .heic and 1 .gif were left out: such files are not read.\n"
            let flat = try run("--json")
            #expect(flat.status == 0 && flat.errors.hasPrefix(words), "\(flat.errors)")
            #expect(flat.output.contains(#""unread":3"#) && flat.errors.contains("1 of 1 pictures in "))
            let deep = try run("-r")
            #expect(deep.errors.hasPrefix("2 .heic, 1 .avif and 1 .gif were left out: "), "\(deep.errors)")
            let quiet = try run("-q")
            #expect(quiet.status == 0 && quiet.errors == "")
            for name in ["IMG_1.HEIC", "b.heic"] {
                try FileManager.default.removeItem(atPath: "\(folder)/album/\(name)")
            }
            let one = try run()
            #expect(one.errors.hasPrefix("1 .gif was left out: such files are not read.\n"))
        }
    }

    @Test func aFolderOfThemAloneFails() throws {
        try withAlbum { folder in
            try FileManager.default.removeItem(atPath: folder + "/album/a.png")
            let outcome = try liif(["upscale", "album", "-o", "out", "--width", "5"], in: folder)
            #expect(outcome.status == 1 && !outcome.errors.contains("left out"))
            let error =
                "Error: album holds no pictures that are read, but 2 .heic and 1 .gif; its subfolders are searched "
                + "with --recursive.\n"
            #expect(outcome.errors.hasPrefix(error), "\(outcome.errors)")
        }
    }

    @Test func pagesBehindTheFirstAreNamed() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/in", withIntermediateDirectories: false)
            try write(TIFFBuilder.followed(TIFFBuilder.file()), to: folder + "/in/pages.tif")
            try write(TIFFBuilder.file(), to: folder + "/in/page.tif")
            let note = "in/pages.tif: only the first of its pictures is read.\n"
            func errors(_ arguments: String...) throws -> String {
                let outcome = try liif(arguments + ["--strip"], in: folder)
                #expect(outcome.status == 0, "\(outcome.errors)")
                return outcome.errors
            }
            #expect(
                try errors("upscale", "in/pages.tif", "-o", "a.png", "--scale", "2")
                    .hasPrefix(note + "a.png: 16×16 pixels in "))
            #expect(try errors("upscale", "in/pages.tif", "-o", "a.png", "--scale", "2", "-q") == "")
            #expect(
                try errors("upscale", "in/page.tif", "-o", "a.png", "--scale", "2").hasPrefix("a.png: "))
            let all = try errors("upscale", "in", "-o", "out", "--scale", "2")
            #expect(all.contains(note) && all.components(separatedBy: "only the first").count == 2)
            let encoded = try liif(["encode", "in/pages.tif", "-o", "a.liif"], in: folder)
            #expect(encoded.status == 0 && encoded.errors.hasPrefix(note))
        }
    }

    @Test(arguments: [
        (["--width", "12", "--cell", "3"], "--cell has no meaning at 12×9 pixels: the model is not used."),
        (
            ["--fit", "24x18", "--self-ensemble"],
            "--self-ensemble has no meaning at 24×18 pixels: the model is not used."
        ),
        (
            ["--scale", "2", "--max-megapixels", "0.000108", "--self-ensemble"],
            "--self-ensemble has no meaning at 12×9 pixels: the model is not used."
        ),
    ])
    func optionsForAModelThatIsNotUsed(options: [String], error: String) throws {
        try expectUsageError(of: options, error)
    }

    /// Some pictures of a folder are smaller than its outputs, others are not.
    @Test func inFoldersTheyAreNamed() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/in", withIntermediateDirectories: false)
            try testPicture(width: 10, height: 8).write(to: folder + "/in/small.png")
            try testPicture(width: 24, height: 18).write(to: folder + "/in/large.png")
            let outcome = try liif(
                ["upscale", "in", "-o", "out", "--width", "16", "--self-ensemble"], in: folder)
            #expect(outcome.status == 0 && outcome.errors.contains("2 of 2 pictures in "))
            let note = ": --self-ensemble has no meaning, for the picture is not enlarged.\n"
            #expect(outcome.errors.contains("in/large.png" + note))
            #expect(!outcome.errors.contains("in/small.png" + note))
        }
    }
}
