import Foundation
import LIIF
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Bad files of weights, to `liif upscale` and `liif info` alike.
@Suite struct ModelFileErrorTests {
    @Test func everyMisfitOfTheTensorsIsNamed() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let model = try LIIFModel.default()
            var file = model.safetensors()
            let shape = try #require(file["encoder.head.0.bias"]?.shape)
            let last = try #require(model.layout.entries.last)
            file[last.name] = nil
            file["encoder.head.0.bias"] = Tensor(shape: [1], values: [0])
            file["encoder.extra.weight"] = Tensor(shape: [2, 1], values: [0, 0])
            try file.write(to: folder + "/misfit.safetensors")
            let problems = [
                "encoder.head.0.bias has the shape [1], expected \(shape)",
                "missing: \(last.name) \(last.shape)",
                "unexpected: encoder.extra.weight [2, 1]",
            ]
            let error =
                "misfit.safetensors: the weights do not fit the model that the file describes:\n  "
                + problems.joined(separator: "\n  ")
            try expectFailure(
                "upscale", "input.png", "-o", "out.png", "--scale", "2", "--model", "misfit.safetensors",
                status: 1,
                error: error, in: folder)
            try expectFailure("info", "misfit.safetensors", status: 1, error: error, in: folder)
        }
    }

    @Test func aHostilePickleIsRefusedAndNotRun() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            try FileManager.default.copyItem(atPath: fixture("hostile.pth"), toPath: folder + "/hostile.pth")
            // The folder's contents, which may not change, would show the file that the pickle makes.
            try expectFailure(
                "upscale", "input.png", "-o", "out.png", "--scale", "2", "--model", "hostile.pth", status: 1,
                error:
                    "hostile.pth: refuses to run posix.system: a checkpoint needs only tensors, numbers, strings, "
                    + "lists and dictionaries; save one that holds nothing else.", in: folder)
        }
    }

    /// 64 GB, which take no place on the disk, and not in memory.
    @Test func ofALargeFileThatIsNoModelTheHeaderAloneIsRead() throws {
        try withTemporaryFolder { folder in
            let count = 1 << 34
            let header = #"{"a":{"dtype":"F32","shape":[\#(count)],"data_offsets":[0,\#(4 * count)]}}"#
            let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
            let url = URL(fileURLWithPath: folder + "/big.safetensors")
            try (length + Data(header.utf8)).write(to: url)
            let file = try FileHandle(forWritingTo: url)
            try file.truncate(atOffset: UInt64(8 + header.utf8.count + 4 * count))
            try file.close()
            let outcome = try runScript("ulimit -v 4000000; exec \"$0\" info big.safetensors", in: folder)
            #expect(outcome.status == 1)
            #expect(
                outcome.output
                    == "Error: big.safetensors: it does not say what model its weights belong to; expected the metadata "
                    + "key 'liif.model' that liif writes.\n")
        }
    }

    @Test func filesThatAreNoModel() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            func refuses(_ name: String, _ error: String) throws {
                try expectFailure(
                    "upscale", "input.png", "-o", "out.png", "--scale", "2", "--model", name, status: 1,
                    error: error, in: folder)
            }
            try refuses("none.safetensors", "none.safetensors: cannot be read: no such file or directory.")
            var file = SafetensorsFile()
            file["weight"] = Tensor(shape: [1], values: [0])
            try file.write(to: folder + "/nameless.safetensors")
            try refuses(
                "nameless.safetensors",
                "nameless.safetensors: it does not say what model its weights belong to; expected the metadata key "
                    + "'liif.model' that liif writes.")
            file.metadata["liif.model"] = #"{"name": "liif", "args": {"encoder_spec": {"name": "vgg"}}}"#
            try file.write(to: folder + "/other.safetensors")
            let outcome = try liif(["info", "other.safetensors"], in: folder)
            #expect(outcome.status == 1 && outcome.output == "")
            #expect(outcome.errors.hasPrefix("Error: other.safetensors"))
            #expect(outcome.errors.contains("vgg"))
        }
    }
}
