import Foundation
import ImageCodecs
import Imaging
import LIIF
import TestSupport
import Testing

/// Ctrl-C and `kill`: every command that writes files ends with the status that shells expect and leaves nothing half-done.
@Suite struct InterruptionTests {
    private func isHidden(_ path: String) -> Bool {
        path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    /// A command is interrupted as soon as it has begun a file.
    private func expectNothingLeft(
        of arguments: [String], in folder: String, by number: Int32 = SIGINT,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try contents(of: folder).keys.sorted()
        let (process, wasRunning) = try liif(arguments, in: folder, interruptedBy: number)
        #expect(wasRunning, sourceLocation: sourceLocation)
        #expect(process.terminationReason == .exit, sourceLocation: sourceLocation)
        #expect(process.terminationStatus == 128 + number, sourceLocation: sourceLocation)
        #expect(try contents(of: folder).keys.sorted() == before, sourceLocation: sourceLocation)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func upscaling(number: Int32) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 600, height: 600).write(to: folder + "/input.png")
            try expectNothingLeft(
                of: ["upscale", "input.png", "-o", "out.png", "--scale", "16"], in: folder, by: number)
        }
    }

    @Test func encoding() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 600, height: 600).write(to: folder + "/input.png")
            try expectNothingLeft(of: ["encode", "input.png", "-o", "out.liif"], in: folder)
        }
    }

    @Test func fittingASIREN() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 60, height: 60).write(to: folder + "/input.png")
            try expectNothingLeft(
                of: ["siren", "input.png", "-o", "out.png", "--scale", "2", "--iterations", "100000"],
                in: folder)
        }
    }

    /// Conversions take a fraction of a second, so several are interrupted, until one is met while it writes.
    @Test(arguments: ["safetensors", "pth", "onnx"]) func converting(format: String) throws {
        try withTemporaryFolder { folder in
            try newModel(.edsrBaseline).write(to: folder + "/model.safetensors")
            var met = false
            for attempt in 0..<30 where !met {
                let name = "out\(attempt)"
                let (process, wasRunning) = try liif(
                    ["convert", "model.safetensors", "\(name).\(format)"], in: folder)
                let left = try contents(of: folder).keys
                #expect(!left.contains(where: isHidden))
                #expect(process.terminationReason == .exit)
                met = wasRunning && process.terminationStatus == 130
                if met { #expect(!left.contains("\(name).\(format)")) }
                if !met { #expect(process.terminationStatus == 130 || process.terminationStatus == 0) }
            }
            #expect(met, "no conversion was met while it wrote")
        }
    }

    /// The training ends with a checkpoint, as `liif train` does, and goes on from there.
    @Test func reproducing() throws {
        let recipes = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Recipes").path
        try withTemporaryFolder { folder in
            for name in ["train", "validation"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
                try testPicture(width: 230, height: 220).write(to: "\(folder)/\(name)/a.png")
            }
            let arguments = [
                "reproduce", "table4", "--data", ".", "--models", "m", "--recipes", recipes, "--budget",
                "small", "-o", "out",
            ]
            // After the first of 200 iterations of an epoch.
            let (process, wasRunning) = try liif(arguments, in: folder) {
                $0.contains { $0.key.hasSuffix("log.jsonl") && $0.value > 0 }
            }
            #expect(wasRunning && process.terminationReason == .exit && process.terminationStatus == 130)
            #expect(try !contents(of: folder).keys.contains(where: isHidden))
            let run = "m/small/edsr-baseline-liif"
            let reached = try reachedIteration(of: run, in: folder)
            let outcome = try liif(
                [
                    "train", "\(run)/recipe.yaml", "--folder", run, "--data-root", ".", "--resume",
                    "--iterations", "\(reached + 1)",
                ], in: folder)
            #expect(outcome.status == 0)
            #expect(try reachedIteration(of: run, in: folder) == reached + 1)
        }
    }

    /// The last iteration that was logged is in the checkpoint, and the run goes on from there.
    @Test(arguments: [SIGINT, SIGTERM]) func trainingEndsWithACheckpoint(number: Int32) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/train", withIntermediateDirectories: true)
            try testPicture(width: 230, height: 220).write(to: folder + "/train/a.png")
            try Data(
                """
                train_dataset:
                  dataset: {name: image-folder, args: {root_path: train, repeat: 4000}}
                  wrapper: {name: sr-implicit-downsampled, args: {inp_size: 8, scale_max: 2, sample_q: 16}}
                  batch_size: 1
                model:
                  name: liif
                  args:
                    encoder_spec: {name: edsr, args: {n_resblocks: 1, n_feats: 16, res_scale: 1, no_upsampling: true}}
                    imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: [16]}}
                optimizer: {name: adam, args: {lr: 1.e-4}}
                epoch_max: 1000
                """.utf8
            ).write(to: URL(fileURLWithPath: folder + "/recipe.yaml"))
            let arguments = ["train", "recipe.yaml", "--folder", "run"]
            let (process, wasRunning) = try liif(arguments, in: folder, interruptedBy: number) {
                $0.contains { $0.key.hasSuffix("log.jsonl") && $0.value > 0 }
            }
            #expect(wasRunning && process.terminationReason == .exit)
            #expect(process.terminationStatus == 128 + number)
            #expect(try !contents(of: folder).keys.contains(where: isHidden))
            // Every tenth iteration is logged.
            let logged = try String(contentsOfFile: folder + "/run/log.jsonl", encoding: .utf8)
            let last = try #require(iterations(in: logged, after: "\"iteration\": ").last)
            let reached = try reachedIteration(of: "run", in: folder)
            #expect((last..<last + 10).contains(reached))
            let outcome = try liif(
                arguments + ["--resume", "--iterations", "\(reached + 2)"], in: folder)
            #expect(outcome.status == 0)
            #expect(try reachedIteration(of: "run", in: folder) == reached + 2)
        }
    }

    private func iterations(in text: String, after label: String) -> [Int] {
        text.components(separatedBy: label).dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
    }

    /// The iteration that the run's checkpoint says it is of.
    private func reachedIteration(of run: String, in folder: String) throws -> Int {
        let outcome = try liif(["info", "\(run)/last.safetensors"], in: folder)
        return try #require(iterations(in: outcome.output, after: "liif train, iteration ").first)
    }

    @Test func measuringLeavesNoFolder() throws {
        try withTemporaryFolder { folder in
            let (process, wasRunning) = try liif(
                ["benchmark", "--only", "file"], in: folder, environment: ["TMPDIR": folder]
            ) { $0.keys.contains { $0.hasPrefix("liif-benchmark-") } }
            #expect(wasRunning && process.terminationReason == .exit && process.terminationStatus == 130)
            #expect(try contents(of: folder).isEmpty)
        }
    }

    /// `nohup liif …` outlives its terminal: here while it waits for the end of its input.
    @Test func anIgnoredHangUpStaysIgnored() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let input = Pipe()
            let process = Program.process([], in: folder)
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = [
                "-c", "trap '' HUP; exec \"$0\" upscale - -o out.png --scale 0.5", Program.path,
            ]
            process.standardInput = input
            process.standardError = FileHandle.nullDevice
            // Before there is a reader, for it is less than a pipe holds.
            try input.fileHandleForWriting.write(
                contentsOf: Data(contentsOf: URL(fileURLWithPath: folder + "/input.png")))
            var unread = pollfd(
                fd: fcntl(input.fileHandleForReading.fileDescriptor, F_DUPFD_CLOEXEC, 0),
                events: Int16(POLLIN), revents: 0)
            defer { close(unread.fd) }
            try process.run()
            // Once it reads, its signals are as they stay.
            while process.isRunning, poll(&unread, 1, 0) != 0 { usleep(500) }
            kill(process.processIdentifier, SIGHUP)
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 0)
            #expect(try contents(of: folder).keys.sorted() == ["input.png", "out.png"])
        }
    }
}
