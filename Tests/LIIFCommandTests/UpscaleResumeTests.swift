import Foundation
import ImageCodecs
import Imaging
import LIIF
import Tensors
import TestSupport
import Testing

/// `--resume`: a TIFF that is gone on with after its writer was killed. The oracle is an uninterrupted run's file.
@Suite struct UpscaleResumeTests {
    /// A small model, for each run that is ended early begins with it anew.
    private let options = ["--scale", "6", "--tiff-tile", "64", "--resume", "--model", "small.safetensors"]

    private func withPicture(
        width: Int, height: Int, channels: Int = 3, _ body: (String) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: width, height: height, channels: channels).write(
                to: folder + "/input.png")
            try smallModel().write(to: folder + "/small.safetensors")
            try body(folder)
        }
    }

    private func data(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// Kills the program by SIGKILL when its journal has grown by a row of tiles or so, three times, and lets it come to its end
    /// then. What has the output's name is never less than the whole.
    private func runWithKills(
        _ arguments: [String], in folder: String, output: String, whole: String
    ) throws {
        let expected = try data(folder + "/" + whole)
        let journal = folder + "/." + output + ".liif-journal"
        func lines() -> Int { (try? data(journal))?.count { $0 == 10 } ?? 0 }
        var (kills, reached) = (0, 0)
        // A run that was not met in time has come to its end; then another is.
        for _ in 0..<30 where kills < 3 {
            let process = Program.process(["upscale"] + arguments, in: folder)
            process.standardError = FileHandle.nullDevice
            try process.run()
            // Past the journal's header and what was there before.
            var first = 0
            let deadline = ContinuousClock.now + .seconds(120)
            while process.isRunning, .now < deadline {
                let count = lines()
                if first == 0 { first = count }
                if first > 0 && count > first { break }
                usleep(500)
            }
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            let isKilled = process.terminationReason == .uncaughtSignal
            #expect(isKilled || process.terminationStatus == 0)
            if isKilled, !FileManager.default.fileExists(atPath: folder + "/" + output) {
                kills += 1
                #expect(lines() > reached)
                reached = lines()
            } else {
                // Of a killed run too: the rename may have come before the signal.
                #expect(try data(folder + "/" + output) == expected)
                try FileManager.default.removeItem(atPath: folder + "/" + output)
                reached = 0
            }
        }
        #expect(kills == 3)
        #expect(try liif(["upscale"] + arguments, in: folder).status == 0)
        #expect(try data(folder + "/" + output) == expected)
    }

    @Test(arguments: [3, 4]) func aKilledRunIsGoneOnWithToTheSameBytes(channels: Int) throws {
        try withPicture(width: 70, height: 100, channels: channels) { folder in
            let whole = try liif(["upscale", "input.png", "-o", "whole.tif"] + options, in: folder)
            #expect(whole.status == 0)
            // 600 rows are ten rows of tiles.
            try runWithKills(
                ["input.png", "-o", "killed.tif"] + options, in: folder, output: "killed.tif",
                whole: "whole.tif")
            #expect(
                try contents(of: folder).keys.sorted() == [
                    "input.png", "killed.tif", "small.safetensors", "whole.tif",
                ])
        }
    }

    /// Several bands of rows, so that what is above the later ones is not read again.
    @Test func aKilledSelfEnsembleIsGoneOnWithToTheSameBytes() throws {
        try withPicture(width: 6, height: 430) { folder in
            let options = [
                "--scale", "4", "--resume", "--tiff-tile", "256", "--self-ensemble", "--model",
                "small.safetensors",
            ]
            #expect(try liif(["upscale", "input.png", "-o", "whole.tif"] + options, in: folder).status == 0)
            try runWithKills(
                ["input.png", "-o", "killed.tif"] + options, in: folder, output: "killed.tif",
                whole: "whole.tif")
        }
    }

    /// Nor does it take anything from what is begun: here by a run for which the disk, a limit of the shell's, was too small.
    @Test func anotherJobDoesNotGoOn() throws {
        try withPicture(width: 70, height: 100) { folder in
            let whole = ["upscale", "input.png", "-o", "whole.tif"] + options
            #expect(try liif(whole, in: folder).status == 0)
            let size = try #require(try contents(of: folder)["whole.tif"])
            let arguments = ["upscale", "input.png", "-o", "out.tif"] + options
            // Half of it, in blocks of 512 bytes.
            let limited = try runScript(
                "trap '' XFSZ; ulimit -f \(size / 1024); exec \"$0\" \(arguments.joined(separator: " "))",
                in: folder)
            #expect(limited.status == 1)
            #expect(limited.output == "Error: out.tif cannot be written: file too large.\n")
            let begun = try contents(of: folder)
            #expect(try #require(begun[".out.tif.liif-partial"]) > size / 3)
            let other = try liif(arguments + ["--cell", "2"], in: folder)
            #expect(other.status == 1 && other.errors.hasPrefix("Error: out.tif cannot be resumed: "))
            #expect(try contents(of: folder) == begun)
            #expect(try liif(arguments, in: folder).status == 0)
            #expect(try data(folder + "/out.tif") == data(folder + "/whole.tif"))
            #expect(
                try contents(of: folder).keys.sorted() == [
                    "input.png", "out.tif", "small.safetensors", "whole.tif",
                ])
        }
    }

    /// Begins `out.tif`, too large to be complete soon, and is interrupted.
    private func begin(_ arguments: [String], in folder: String) throws {
        let process = Program.process(arguments, in: folder)
        process.standardError = FileHandle.nullDevice
        try process.run()
        let journal = folder + "/.out.tif.liif-journal"
        let deadline = ContinuousClock.now + .seconds(60)
        while process.isRunning, .now < deadline, (try? data(journal))?.contains(10) != true { usleep(1000) }
        process.interrupt()
        process.waitUntilExit()
        // What is begun stays: that is what --resume is for.
        #expect(process.terminationStatus == 130 && FileManager.default.fileExists(atPath: journal))
    }

    /// Without metadata, which would differ too. Each part is all that differs, and nothing is rendered to find out.
    @Test func everyPartOfAJobMatters() throws {
        try withPicture(width: 400, height: 400) { folder in
            try smallModel(seed: 2).write(to: folder + "/other.safetensors")
            let arguments = ["upscale", "input.png", "-o", "out.tif", "--resume", "--tiff-tile", "64"]
            let model = ["--model", "small.safetensors"]
            let (exact, begun) = (["--precision", "float32", "--strip"], ["--scale", "40"])
            try begin(arguments + model + exact + begun, in: folder)
            func expectAnother(_ part: String, _ options: [String]) throws {
                let outcome = try liif(arguments + options, in: folder)
                #expect(outcome.status == 1, "\(part)")
                let error = "Error: out.tif cannot be resumed: it was begun with another \(part); go on"
                #expect(outcome.errors.hasPrefix(error), "\(part): \(outcome.errors)")
            }
            try expectAnother("cell", model + exact + begun + ["--cell", "2"])
            try expectAnother("self-ensemble", model + exact + begun + ["--self-ensemble"])
            try expectAnother("model", exact + begun + ["--model", "other.safetensors"])
            // As many pixels of a part.
            try expectAnother("region", model + exact + ["--scale", "80", "--region", "0,0,200,200"])
            try expectAnother("output size, size", model + exact + ["--scale", "5"])
            try expectAnother("colours, metadata", model + ["--precision", "float32"] + begun)
            if let other = InferencePrecision.allCases.first(where: { $0 != .float32 && $0.isSupported }) {
                try expectAnother("precision", model + ["--precision", other.rawValue, "--strip"] + begun)
            }
            try testPicture(width: 400, height: 400).flippedVertically().write(to: folder + "/input.png")
            try expectAnother("input", model + exact + begun)
            #expect(ResumableTIFF.isBegun(at: folder + "/out.tif"))
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
