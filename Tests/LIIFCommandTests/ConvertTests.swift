import Foundation
import LIIF
import NeuralNetwork
import ONNXFiles
import TensorFiles
import Tensors
import TestSupport
import Testing

/// `liif convert`, also called `export`.
@Suite struct ConvertTests {
    private static var configuration: LIIFConfiguration {
        var configuration = LIIFConfiguration()
        configuration.encoder = .edsr(blocks: 1, channels: 4, residualScale: 1)
        configuration.hiddenWidths = [8]
        return configuration
    }

    /// The oracle is the first file: every format holds the same model.
    @Test func aModelSurvivesEveryFormat() throws {
        try withTemporaryFolder { folder in
            try newModel(Self.configuration).write(to: folder + "/a.safetensors")
            for (from, to) in [
                ("a.safetensors", "b.pth"), ("b.pth", "c.onnx"), ("c.onnx", "d.safetensors"),
                ("c.onnx", "e.pth"),
            ] {
                let outcome = try liif(["convert", from, to], in: folder)
                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
                let written = to == "c.onnx" ? ["c.onnx", "c-encoder.onnx", "c-decoder.onnx"] : [to]
                #expect(outcome.output.split(separator: "\n").map(String.init) == written)
            }
            let original = try SafetensorsFile(readingFrom: folder + "/a.safetensors")
            let last = try SafetensorsFile(readingFrom: folder + "/d.safetensors")
            #expect(last.names == original.names)
            for name in original.names { #expect(last[name] == original[name]) }
            for (key, text) in original.metadata { #expect(last.metadata[key] == text) }
            let e = try LIIFModel(contentsOf: folder + "/e.pth")
            #expect(e.safetensors()["imnet.layers.0.weight"] == original["imnet.layers.0.weight"])
        }
    }

    @Test func halfTheSpace() throws {
        try withTemporaryFolder { folder in
            let model = newModel(Self.configuration)
            try model.write(to: folder + "/a.safetensors")
            let outcome = try liif(["convert", "a.safetensors", "b.safetensors", "--half"], in: folder)
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
            let half = try SafetensorsFile(readingFrom: folder + "/b.safetensors")
            for entry in model.layout.entries {
                let stored = try #require(half[stored: entry.name])
                #expect(stored.elementType == .float16)
                for (found, exact) in zip(stored.tensor.values, model.values(of: entry).values) {
                    #expect(abs(found - exact) <= max(abs(exact) * 0x1p-11, 0x1p-25))
                }
            }
            #expect(try LIIFModel(contentsOf: folder + "/b.safetensors").configuration == model.configuration)
            let refused = try liif(["convert", "a.safetensors", "c.pth", "--half"], in: folder)
            #expect(refused.status == 64 && refused.errors.hasPrefix("Error: --half is for .safetensors"))
        }
    }

    @Test func theMeanOfModels() throws {
        try withTemporaryFolder { folder in
            let models = (UInt64(1)...3).map { newModel(Self.configuration, seed: $0) }
            for (i, model) in models.enumerated() { try model.write(to: folder + "/\(i).safetensors") }
            let outcome = try liif(
                [
                    "convert", "0.safetensors", "mean.safetensors", "--average-with", "1.safetensors",
                    "2.safetensors",
                ],
                in: folder)
            #expect(outcome.status == 0 && outcome.output == "mean.safetensors\n", "\(outcome.errors)")
            let mean = try LIIFModel(contentsOf: folder + "/mean.safetensors")
            #expect(mean.origin["mean of"] == "3 models")
            for entry in mean.layout.entries {
                let values = models.map { $0.values(of: entry).values }
                #expect(values[0] != values[1])
                for (i, found) in mean.values(of: entry).values.enumerated() {
                    let exact = values.reduce(0.0) { $0 + Double($1[i]) } / 3
                    #expect(abs(Double(found) - exact) <= 1e-7 * max(1, abs(exact)))
                }
            }
            var wider = Self.configuration
            wider.hiddenWidths = [9]
            try newModel(wider).write(to: folder + "/wider.safetensors")
            let refused = try liif(
                [
                    "convert", "0.safetensors", "x.safetensors", "--average-with", "1.safetensors",
                    "wider.safetensors",
                ],
                in: folder)
            #expect(refused.status == 64)
            #expect(
                refused.errors.hasPrefix(
                    "Error: --average-with wider.safetensors: is a model of another kind"))
            let replaced = try liif(
                ["convert", "0.safetensors", "1.safetensors", "--average-with", "1.safetensors"], in: folder)
            #expect(replaced.status == 64 && replaced.errors.contains("is the model itself"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/x.safetensors"))
        }
    }

    @Test func theOutputsNameFollowsTheModels() throws {
        try withTemporaryFolder { folder in
            let outcome = try liif(["export", "default", "--format", "pth"], in: folder)
            #expect(outcome.status == 0 && outcome.output == "default.pth\n")
            let model = try LIIFModel(contentsOf: folder + "/default.pth")
            #expect(model.configuration == (try LIIFModel.default().configuration))
            // What the released classes do not know is said.
            let unknown = try LIIFModel.default().settingsUnknownToTheRelease
            #expect(
                outcome.errors
                    == (unknown.isEmpty
                        ? ""
                        : "Note: default.pth names \(unknown.joined(separator: ", ")), which the released classes do "
                            + "not know: PyTorch reads the file, and they refuse it. liif reads it back.\n"))
        }
    }

    /// `float16` ends at 65504: such a file would not be read back.
    @Test func weightsTooGreatForHalfAreRefused() throws {
        try withTemporaryFolder { folder in
            var file = newModel(Self.configuration).safetensors()
            var bias = try #require(file["imnet.layers.0.bias"])
            bias.values[0] = -70000
            file["imnet.layers.0.bias"] = bias
            try file.write(to: folder + "/a.safetensors")
            try expectFailure(
                "convert", "a.safetensors", "b.safetensors", "--half", status: 64,
                error: "--half: imnet.layers.0.bias holds numbers beyond 65504, the greatest of float16.",
                in: folder)
        }
    }

    /// The oracle is the file that is written by its name.
    @Test func theStandardOutputTakesAModel() throws {
        try withTemporaryFolder { folder in
            try newModel(Self.configuration).write(to: folder + "/a.safetensors")
            let script = """
                "$0" convert a.safetensors - --format pth >b.pth && "$0" convert a.safetensors c.pth && \
                "$0" convert a.safetensors - --format onnx --part decoder >b.onnx && \
                "$0" convert a.safetensors c.onnx --part decoder
                """
            let outcome = try runScript(script, in: folder)
            #expect(outcome.status == 0 && outcome.output == "c.pth\nc.onnx\n", "\(outcome.output)")
            #expect(
                try contents(of: folder).keys.sorted() == [
                    "a.safetensors", "b.onnx", "b.pth", "c.onnx", "c.pth",
                ])
            for ending in ["pth", "onnx"] {
                let files = try ["b", "c"].map {
                    try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0).\(ending)"))
                }
                #expect(files[0] == files[1] && !files[0].isEmpty)
            }
        }
    }

    @Test func onePartAlone() throws {
        try withTemporaryFolder { folder in
            try newModel(Self.configuration).write(to: folder + "/a.safetensors")
            let outcome = try liif(["convert", "a.safetensors", "x.onnx", "--part", "encoder"], in: folder)
            #expect(outcome.status == 0 && outcome.output == "x.onnx\n")
            #expect(try contents(of: folder).keys.sorted() == ["a.safetensors", "x.onnx"])
            try expectFailure(
                "info", "x.onnx", status: 1,
                error:
                    "x.onnx: holds the encoder of a model alone; of ONNX files, only a whole model that `liif "
                    + "convert` wrote is read.", in: folder)
        }
    }

    @Test func wrongCommandLines() throws {
        try withTemporaryFolder { folder in
            try newModel(Self.configuration).write(to: folder + "/a.safetensors")
            func refuses(_ arguments: [String], _ error: String) throws {
                let before = try contents(of: folder)
                let outcome = try liif(["convert"] + arguments, in: folder)
                #expect(outcome.status == 64 && outcome.output == "")
                #expect(outcome.errors.hasPrefix("Error: \(error)\n"), "\(outcome.errors)")
                #expect(try contents(of: folder) == before)
            }
            try refuses(
                ["a.safetensors", "b.bin"],
                "b.bin: the name does not say a format; end it in .safetensors, .pth or .onnx, or give --format."
            )
            try refuses(["a.safetensors"], "Name the file to write, or give --format.")
            try refuses(
                ["a.safetensors", "-", "--format", "onnx"],
                "ONNX comes in three files, and the standard output takes one; give --part.")
            try refuses(
                ["a.safetensors", "b.pth", "--format", "onnx"], "b.pth: the name says pth, and --format onnx."
            )
            try refuses(
                ["a.safetensors", "b.pth", "--part", "encoder"],
                "--part belongs to ONNX; a pth file holds the whole model.")
            try refuses(
                ["a.safetensors", "./a.safetensors"],
                "./a.safetensors: is the model itself; name another file to write.")
        }
    }

    @Test func filesThatCannotBeReadOrWritten() throws {
        try withTemporaryFolder { folder in
            try newModel(Self.configuration).write(to: folder + "/a.safetensors")
            try expectFailure(
                "convert", "none.pth", "b.onnx", status: 1,
                error: "none.pth: cannot be read: no such file or directory.", in: folder)
            try expectFailure(
                "convert", "a.safetensors", "no/b.pth", status: 1,
                error: "no/b.pth: cannot be written: its folder does not exist.", in: folder)
            // One of three outputs: the others are not written either.
            try FileManager.default.createDirectory(
                atPath: folder + "/x-encoder.onnx", withIntermediateDirectories: false)
            try expectFailure(
                "convert", "a.safetensors", "x.onnx", status: 1,
                error: "x-encoder.onnx: cannot be written: it is a folder.", in: folder)
            try Data([8, 7, 0x12, 1, 0x78]).write(to: URL(fileURLWithPath: folder + "/x.onnx"))
            try expectFailure(
                "convert", "x.onnx", "b.pth", status: 1,
                error:
                    "x.onnx: holds a network of another kind made by x; of ONNX files, only a whole model that "
                    + "`liif convert` wrote is read.", in: folder)
        }
    }
}
