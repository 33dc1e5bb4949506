import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// Outputs that are there, that two inputs share, or that are inputs.
extension UpscaleFolderTests {
    @Test func existingOutputs() throws {
        try withAlbum { folder in
            func run(_ options: String...) throws -> Outcome {
                try liif(["upscale", "album", "-o", "out", "--width"] + options, in: folder)
            }
            let first = try run("10")
            #expect(first.status == 0)
            let second = try run("12")
            #expect(try second.status == 0 && size(folder + "/out/a.png") == [10, 8])
            let third = try run("12", "--overwrite")
            #expect(try third.status == 0 && size(folder + "/out/a.png") == [12, 9])
            // One named output is replaced, unless it is not to be.
            func single(_ options: String...) throws -> Outcome {
                try liif(["upscale", "album/a.png", "-o", "out/a.png", "--width"] + options, in: folder)
            }
            let kept = try single("6", "--skip-existing")
            #expect(kept.errors == "out/a.png exists and stays as it is.\n")
            #expect(try size(folder + "/out/a.png") == [12, 9])
            let replaced = try single("6")
            #expect(try replaced.status == 0 && size(folder + "/out/a.png") == [6, 5])
        }
    }

    @Test func twoInputsNeverShareAnOutput() throws {
        try withAlbum { folder in
            try testPicture(width: 9, height: 9).write(to: folder + "/a.png")
            try testPicture(width: 9, height: 9).write(to: folder + "/c.png")
            let outcome = try liif(
                ["upscale", "a.png", "album/a.png", "c.png", "-o", "out", "--scale", "2"], in: folder)
            let error =
                "a.png and album/a.png would all be written to out/a.png; give another --name, or their folder "
                + "with --recursive."
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix("Error: \(error)\nError: \(error)\n"), "\(outcome.errors)")
            #expect(outcome.errors.contains("1 of 3 pictures in "))
            #expect(try outputs(in: folder + "/out") == ["c.png"])
        }
    }

    /// A second call on the same folder does not enlarge what the first one made.
    @Test func outputsBesideTheirInputs() throws {
        try withAlbum { folder in
            func run(_ options: String...) throws -> Outcome {
                try liif(
                    ["upscale", "album", "-r", "-o", "album", "--width", "10", "--name", "{name}-10.{ext}"]
                        + options,
                    in: folder)
            }
            let first = try run()
            #expect(first.status == 0 && first.errors.contains("3 of 3 pictures in "), "\(first.errors)")
            let made = try contents(of: folder)
            let second = try run()
            #expect(second.status == 0 && second.errors.contains("0 of 3 pictures in "), "\(second.errors)")
            #expect(
                second.errors.contains("album/a-10.png is left out: it is the output of album/a.png.\n"),
                "\(second.errors)")
            // What was named as an input is not written over, even if it was an output once.
            #expect(try run("--overwrite").status == 1)
            #expect(try contents(of: folder) == made)
            // Nor if it cannot be enlarged itself, for its output would be itself.
            try testPicture(width: 9, height: 9).write(to: folder + "/album/a.jpg")
            let before = try contents(of: folder)
            let over = try liif(
                ["upscale", "album", "-o", "album", "--scale", "2", "--format", "png", "--overwrite"],
                in: folder)
            #expect(over.status == 1 && over.errors.contains("0 of 3 pictures in "), "\(over.errors)")
            #expect(try contents(of: folder) == before)
        }
    }

    /// `liif upscale * -o out`, given again: the shell names `out` as well.
    @Test func theOutputsFolderAmongTheInputs() throws {
        try withAlbum { folder in
            let inputs = ["album/a.png", "album/2024/may", "out"]
            let arguments = ["upscale"] + inputs + ["-o", "out", "--scale", "0.5"]
            let first = try liif(["upscale", "album/a.png", "-o", "out/", "--scale", "0.5"], in: folder)
            #expect(first.status == 0)
            let again = try liif(arguments, in: folder)
            #expect(again.status == 0, "\(again.errors)")
            #expect(
                again.errors.hasPrefix("out/a.png is left out: it is the output of album/a.png.\n"),
                "\(again.errors)")
            #expect(again.errors.contains("2 of 3 pictures in ") && again.errors.contains(", 1 skipped"))
            // One that would be written over is refused as ever.
            let over = try liif(arguments + ["--overwrite"], in: folder)
            #expect(
                over.status == 1 && over.errors.contains("Error: out/a.png is the input "), "\(over.errors)")
        }
    }

    /// What the first call made cannot be shown in the same way, and need not be.
    @Test func outputsThatCannotBeInputs() throws {
        try withAlbum { folder in
            let arguments = [
                "upscale", "album", "-o", "album", "--region", "0,0,20,10", "--scale", "0.5", "--name",
                "{name}-part.{ext}",
            ]
            #expect(try liif(arguments, in: folder).status == 0)
            let again = try liif(arguments, in: folder)
            #expect(again.status == 0 && again.errors.contains("0 of 1 pictures in "), "\(again.errors)")
            #expect(again.errors.contains("album/a-part.png is left out: it is the output of album/a.png.\n"))
        }
    }

    /// A folder that has the output's name is no output.
    @Test func aFolderInTheOutputsPlace() throws {
        try withAlbum { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/out/a.png", withIntermediateDirectories: true)
            let outcome = try liif(["upscale", "album", "-o", "out", "--scale", "0.5"], in: folder)
            #expect(outcome.status == 1, "\(outcome.errors)")
            #expect(
                outcome.errors.contains("out/a.png cannot be written: it is a folder."), "\(outcome.errors)")
        }
    }

    /// Whatever name leads to it, an input is never replaced.
    @Test func anInputIsNeverAnOutput() throws {
        try withAlbum { folder in
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: folder + "/soft.png", withDestinationPath: "album/a.png")
            try manager.linkItem(atPath: folder + "/album/a.png", toPath: folder + "/hard.png")
            try manager.createSymbolicLink(atPath: folder + "/other", withDestinationPath: "album")
            for output in ["album/../album/a.png", "soft.png", "hard.png", "other/a.png"] {
                try expectFailure(
                    "upscale", "album/a.png", "-o", output, "--scale", "2", status: 64,
                    error: "\(output) is the input itself; choose another name for the output.", in: folder)
            }
            let before = try contents(of: folder)
            let outcome = try liif(
                ["upscale", "album", "-r", "-o", "album", "--scale", "2", "--overwrite"], in: folder)
            #expect(outcome.status == 1 && outcome.errors.contains("0 of 3 pictures in "))
            #expect(try contents(of: folder) == before)
        }
    }
}
