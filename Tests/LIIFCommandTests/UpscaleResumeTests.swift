import Foundation
import ImageCodecs
import Imaging
import LIIF
import TensorFiles
import Tensors
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

    /// Begins `out.tif` and is interrupted long before it is complete.
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

    @Test func anotherJobDoesNotGoOn() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 120, height: 100).write(to: folder + "/input.png")
            let arguments = ["upscale", "input.png", "-o", "out.tif", "--resume", "--tiff-tile", "64"]
            try begin(arguments + ["--scale", "16"], in: folder)
            let other = try liif(arguments + ["--scale", "5"], in: folder)
            #expect(other.status == 1 && other.errors.hasPrefix("Error: out.tif "))
            #expect(try liif(arguments + ["--scale", "16"], in: folder).status == 0)
            #expect(try contents(of: folder).keys.sorted() == ["input.png", "out.tif"])
        }
    }

    /// Without metadata, which would differ too. Each part is all that differs, and nothing is rendered to find out.
    @Test func everyPartOfAJobMatters() throws {
        try withTemporaryFolder { folder in
            let picture = testPicture(width: 120, height: 100)
            try picture.write(to: folder + "/input.png")
            var file = try LIIFModel.default().safetensors()
            let bias = try #require(file.names.last { $0.hasSuffix(".bias") && file[$0]?.shape == [3] })
            file[bias] = .init(shape: [3], values: [0.5, 0.5, 0.5])
            try file.write(to: folder + "/other.safetensors")

            let arguments = ["upscale", "input.png", "-o", "out.tif", "--resume", "--tiff-tile", "64"]
            let (exact, begun) = (["--precision", "float32", "--strip"], ["--scale", "16"])
            try begin(arguments + exact + begun, in: folder)
            func expectAnother(_ part: String, _ options: [String]) throws {
                let outcome = try liif(arguments + options, in: folder)
                #expect(outcome.status == 1, "\(part)")
                let error = "Error: out.tif cannot be resumed: it was begun with another \(part); go on"
                #expect(outcome.errors.hasPrefix(error), "\(part): \(outcome.errors)")
            }
            try expectAnother("cell", exact + begun + ["--cell", "2"])
            try expectAnother("self-ensemble", exact + begun + ["--self-ensemble"])
            try expectAnother("model", exact + begun + ["--model", "other.safetensors"])
            // As many pixels of a part.
            try expectAnother("region", exact + ["--scale", "32", "--region", "0,0,60,50"])
            try expectAnother("output size, size", exact + ["--scale", "5"])
            try expectAnother("colours, metadata", ["--precision", "float32"] + begun)
            if let other = InferencePrecision.allCases.first(where: { $0 != .float32 && $0.isSupported }) {
                try expectAnother("precision", ["--precision", other.rawValue, "--strip"] + begun)
            }
            try picture.flippedVertically().write(to: folder + "/input.png")
            try expectAnother("input", exact + begun)
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
