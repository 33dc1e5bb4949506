import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// Several pictures at once: folders, trees, patterns, names, failures.
@Suite struct UpscaleFolderTests {
    /// `album` with three pictures, two of them in `2024/may`, a text and a damaged picture.
    func withAlbum(damaged: Bool = false, _ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/album/2024/may", withIntermediateDirectories: true)
            try testPicture(width: 24, height: 18).write(to: folder + "/album/a.png")
            try testPicture(width: 20, height: 30).write(to: folder + "/album/2024/may/b2.jpg")
            try testPicture(width: 8, height: 6).write(to: folder + "/album/2024/may/b10.PNG")
            try Data("Not a picture.".utf8).write(to: URL(fileURLWithPath: folder + "/album/notes.txt"))
            if damaged {
                try Data("Not a picture.".utf8).write(
                    to: URL(fileURLWithPath: folder + "/album/2024/bad.png"))
            }
            try body(folder)
        }
    }

    func outputs(in folder: String) throws -> [String] {
        try contents(of: folder).keys.filter { $0.contains(".") }.sorted()
    }

    func size(_ path: String) throws -> [Int] {
        let info = try ImageFile.source(at: path).info
        return [info.width, info.height]
    }

    @Test func aTreeIsKept() throws {
        try withAlbum { folder in
            let outcome = try liif(
                ["upscale", "album", "-r", "-o", "album/large", "--scale", "2"], in: folder)
            #expect(outcome.status == 0 && outcome.output == "")
            let made = folder + "/album/large"
            #expect(try outputs(in: made) == ["2024/may/b10.PNG", "2024/may/b2.jpg", "a.png"])
            #expect(try size(made + "/a.png") == [48, 36] && size(made + "/2024/may/b2.jpg") == [40, 60])
            let lines = outcome.errors.split(separator: "\n").map(String.init)
            #expect(lines.count == 4 && lines[3].hasPrefix("3 of 3 pictures in "))
            // In the order of people.
            #expect(lines[0].hasPrefix("album/large/2024/may/b2.jpg: 40×60 pixels in "))
            #expect(lines[1].hasPrefix("album/large/2024/may/b10.PNG: 16×12 pixels in "))
            // The outputs, which lie in the input's folder, are not taken for inputs.
            let again = try liif(["upscale", "album", "-r", "-o", "album/large", "--scale", "2"], in: folder)
            #expect(again.status == 0 && again.errors.hasPrefix("0 of 3 pictures in "))
            #expect(
                again.errors.hasSuffix(", 3 skipped, for their outputs exist (--overwrite replaces them)\n"))
        }
    }

    @Test func aFolderAloneIsNotSearchedDeeper() throws {
        try withAlbum { folder in
            #expect(try liif(["upscale", "album", "-o", "out", "--scale", "0.5"], in: folder).status == 0)
            #expect(try outputs(in: folder + "/out") == ["a.png"])
            try FileManager.default.createDirectory(
                atPath: folder + "/empty", withIntermediateDirectories: false)
            let none = try liif(["upscale", "empty", "-o", "out", "--scale", "0.5"], in: folder)
            #expect(none.status == 1)
            #expect(
                none.errors.hasPrefix(
                    "Error: empty holds no pictures; its subfolders are searched with --recursive.\n"))
        }
    }

    @Test func namesFollowTheTemplate() throws {
        try withAlbum { folder in
            let options = ["-r", "--name", "{width}x{height}/{name}@{scale}x.{ext}", "--format", "png"]
            #expect(
                try liif(["upscale", "album", "-o", "out", "--scale", "1.5"] + options, in: folder).status
                    == 0)
            #expect(
                try outputs(in: folder + "/out") == [
                    "2024/may/12x9/b10@1.5x.png", "2024/may/30x45/b2@1.5x.png", "36x27/a@1.5x.png",
                ])
            for wrong in ["{nam}.png", "a.txt", "../{name}.{ext}", "/tmp/{name}.png", "{name", "a}.png", ""] {
                let outcome = try liif(
                    ["upscale", "album", "-o", "out", "--scale", "2", "--name", wrong], in: folder)
                #expect(outcome.status == 64, "\(wrong)")
            }
        }
    }

    @Test func patternsThatTheShellLeftAlone() throws {
        try withAlbum { folder in
            let outcome = try liif(
                ["upscale", "album/2024/*/b*", "album/*.gif", "-o", "out/", "--width", "5", "-q"], in: folder)
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.hasPrefix("Error: album/*.gif: no file has such a name.\n2 of 3 pictures in "))
            #expect(try outputs(in: folder + "/out") == ["b10.PNG", "b2.jpg"])
            // One that stands for folders alone is no success.
            let folders = ["upscale", "album/20*", "-o", "out/", "--width", "5"]
            let none = try liif(folders, in: folder)
            #expect(none.status == 1)
            #expect(
                none.errors.hasPrefix(
                    "Error: album/20*: only folders have such names; they are searched with --recursive.\n"))
            #expect(try liif(folders + ["-r"], in: folder).status == 0)
            // A name is a name first.
            try testPicture(width: 4, height: 4).write(to: folder + "/[1].png")
            #expect(
                try liif(["upscale", "[1].png", "-o", "one.png", "--width", "5"], in: folder).status == 0)
        }
    }

    @Test func aBadPictureIsReportedAndTheRestGoesOn() throws {
        try withAlbum(damaged: true) { folder in
            let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/album/a.png"))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder + "/album/half.png"))
            let outcome = try liif(
                ["upscale", "album", "-r", "-o", "out", "--width", "10", "--json"], in: folder)
            #expect(outcome.status == 1)
            #expect(try outputs(in: folder + "/out") == ["2024/may/b10.PNG", "2024/may/b2.jpg", "a.png"])
            let summary = try #require(outcome.errors.range(of: "3 of 5 pictures in "))
            let last = outcome.errors[summary.upperBound...].split(separator: "\n")
            #expect(last.count == 3 && last[0].hasSuffix(", 2 failed:"))
            #expect(
                last[1]
                    == "  album/2024/bad.png is not a picture: it does not begin like a PNG, JPEG, TIFF, WebP or JPEG XL file."
            )
            #expect(last[2].hasPrefix("  album/half.png is a truncated PNG file: it ends after "))

            let records = try outcome.output.split(separator: "\n").map {
                try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            #expect(records.map { $0["status"] as? String }.count { $0 == "done" } == 3)
            #expect(records.map { $0["status"] as? String }.count { $0 == "failed" } == 2)
            let end = try #require(records.last)
            #expect(end["status"] as? String == "summary")
            #expect(end["pictures"] as? Int == 5 && end["done"] as? Int == 3 && end["failed"] as? Int == 2)
            let one = try #require(records.first { $0["input"] as? String == "album/a.png" })
            #expect(one["output"] as? String == "out/a.png" && one["inputWidth"] as? Int == 24)
            #expect(one["width"] as? Int == 10 && one["height"] as? Int == 8)
            #expect(one["seconds"] as? Double != nil && one["error"] == nil)
        }
    }

    /// Features have no format of their own.
    @Test func featuresInAFolderBecomePNG() throws {
        try withAlbum { folder in
            let encoded = try liif(["encode", "album/a.png", "-o", "album/f.liif"], in: folder)
            #expect(encoded.status == 0)
            #expect(try liif(["upscale", "album", "-o", "out", "--scale", "2"], in: folder).status == 0)
            #expect(try outputs(in: folder + "/out") == ["a.png", "f.png"])
            #expect(try size(folder + "/out/f.png") == [48, 36])
        }
    }

    @Test func standardStreams() throws {
        try withAlbum { folder in
            func piped(_ options: [String], from input: String) throws -> (Outcome, Data) {
                let process = Program.process(["upscale"] + options, in: folder)
                let errors = Pipe()
                process.standardInput = try FileHandle(
                    forReadingFrom: URL(fileURLWithPath: folder + "/" + input))
                let output = folder + "/piped"
                _ = manager.createFile(atPath: output, contents: nil)
                process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
                process.standardError = errors
                try process.run()
                let words = errors.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                let data = try Data(contentsOf: URL(fileURLWithPath: output))
                try manager.removeItem(atPath: output)
                let outcome = Outcome(
                    status: process.terminationStatus, output: "",
                    errors: String(decoding: words, as: UTF8.self))
                return (outcome, data)
            }
            let manager = FileManager.default
            let options = ["--scale", "2", "--format", "png"]
            let (outcome, data) = try piped(["-", "-o", "-"] + options, from: "album/a.png")
            #expect(outcome.status == 0)
            #expect(try liif(["upscale", "album/a.png", "-o", "file.png"] + options, in: folder).status == 0)
            #expect(try data == Data(contentsOf: URL(fileURLWithPath: folder + "/file.png")))

            let (refused, nothing) = try piped(["-", "-o", "-"] + options, from: "album/notes.txt")
            #expect(refused.status == 1 && nothing.isEmpty)
            #expect(
                refused.errors
                    == "Error: standard input is not a picture: it does not begin like a PNG, JPEG, TIFF, WebP or JPEG XL file.\n"
            )
            try expectFailure(
                "upscale", "album", "-o", "-", "--scale", "2", status: 64,
                error: "Several pictures cannot go to the standard output; give a folder.", in: folder)
        }
    }

    @Test func anInterruptLeavesWhatIsCompleteAndNothingElse() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 30, height: 30).write(to: folder + "/1.png")
            try testPicture(width: 600, height: 600).write(to: folder + "/2.png")
            let process = Program.process(
                ["upscale", "1.png", "2.png", "-o", "out", "--scale", "16"], in: folder)
            process.standardError = FileHandle.nullDevice
            try process.run()
            let deadline = ContinuousClock.now + .seconds(60)
            // The second, of 92 megapixels, has no name before it is complete.
            while try contents(of: folder)["out/1.png"] == nil
                || !hasBegunAFile(process, in: folder + "/out"),
                process.isRunning, .now < deadline
            { usleep(2000) }
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 130)
            #expect(try contents(of: folder).keys.sorted() == ["1.png", "2.png", "out", "out/1.png"])
            #expect(try size(folder + "/out/1.png") == [480, 480])
        }
    }
}
