import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// `--resume`: a TIFF that is gone on with after its writer was killed. The oracle is an uninterrupted run's file.
@Suite struct UpscaleResumeTests {
    private let options = ["--scale", "6", "--resume", "--tiff-tile", "64"]

    private func data(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// Kills the program by SIGKILL when its partial file has grown by a row of tiles or so, again and again, and
    /// expects that it is complete at last, and that what has the output's name is never less than the whole.
    private func runWithKills(
        _ arguments: [String], in folder: String, output: String, whole: String
    ) throws -> Int {
        let expected = try data(folder + "/" + whole)
        var kills = 0
        let partial = folder + "/." + output + ".liif-journal"
        while true {
            let process = Program.process(["upscale"] + arguments, in: folder)
            process.standardError = FileHandle.nullDevice
            try process.run()
            func lines() -> Int { (try? data(partial))?.count { $0 == 10 } ?? 0 }
            // Past the journal's header and what was there before.
            var first = 0
            let deadline = ContinuousClock.now + .seconds(120)
            while process.isRunning, .now < deadline {
                let count = lines()
                if first == 0 { first = count }
                if first > 0 && count > first { break }
                usleep(1000)
            }
            if process.isRunning {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                // It may have ended just before.
                if process.terminationReason == .exit {
                    #expect(process.terminationStatus == 0)
                    return kills
                }
                kills += 1
                // The rename may have come before the signal, and the journal be there yet or not: a run with it begins anew.
                if FileManager.default.fileExists(atPath: folder + "/" + output) {
                    #expect(try data(folder + "/" + output) == expected)
                    if !FileManager.default.fileExists(atPath: partial) { return kills }
                }
                continue
            }
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return kills
        }
    }

    @Test(arguments: [3, 4]) func aKilledRunIsGoneOnWithToTheSameBytes(channels: Int) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 70, height: 100, channels: channels).write(to: folder + "/input.png")
            let whole = try liif(["upscale", "input.png", "-o", "whole.tif"] + options, in: folder)
            #expect(whole.status == 0)
            let kills = try runWithKills(
                ["input.png", "-o", "killed.tif"] + options, in: folder, output: "killed.tif",
                whole: "whole.tif")
            // 600 rows are ten rows of tiles.
            #expect(kills >= 2)
            #expect(try data(folder + "/killed.tif") == data(folder + "/whole.tif"))
            #expect(try contents(of: folder).keys.sorted() == ["input.png", "killed.tif", "whole.tif"])
        }
    }

    /// Several bands of rows, so that what is above the later ones is not read again.
    @Test func aKilledSelfEnsembleIsGoneOnWithToTheSameBytes() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 6, height: 430).write(to: folder + "/input.png")
            let options = ["--scale", "4", "--resume", "--tiff-tile", "256", "--self-ensemble"]
            #expect(try liif(["upscale", "input.png", "-o", "whole.tif"] + options, in: folder).status == 0)
            let kills = try runWithKills(
                ["input.png", "-o", "killed.tif"] + options, in: folder, output: "killed.tif",
                whole: "whole.tif")
            #expect(kills >= 2)
            #expect(try data(folder + "/killed.tif") == data(folder + "/whole.tif"))
        }
    }

    @Test func anotherJobDoesNotGoOn() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 120, height: 100).write(to: folder + "/input.png")
            let arguments = ["upscale", "input.png", "-o", "out.tif", "--resume", "--tiff-tile", "64"]
            let process = Program.process(arguments + ["--scale", "16"], in: folder)
            process.standardError = FileHandle.nullDevice
            try process.run()
            let journal = folder + "/.out.tif.liif-journal"
            let deadline = ContinuousClock.now + .seconds(60)
            while process.isRunning, .now < deadline, (try? data(journal))?.contains(10) != true {
                usleep(1000)
            }
            process.interrupt()
            process.waitUntilExit()
            // What is begun stays: that is what --resume is for.
            #expect(process.terminationStatus == 130 && FileManager.default.fileExists(atPath: journal))
            let other = try liif(arguments + ["--scale", "5"], in: folder)
            #expect(other.status == 1 && other.errors.hasPrefix("Error: out.tif "))
            #expect(try liif(arguments + ["--scale", "16"], in: folder).status == 0)
            #expect(try contents(of: folder).keys.sorted() == ["input.png", "out.tif"])
        }
    }

    @Test func onlyTIFFIsGoneOnWith() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            try expectFailure(
                "upscale", "input.png", "-o", "out.png", "--scale", "2", "--resume", status: 64,
                error: "out.png: --resume is for TIFF; give the output a name that ends in .tif.", in: folder)
        }
    }
}
