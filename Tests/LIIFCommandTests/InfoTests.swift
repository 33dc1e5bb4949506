import Foundation
import LIIF
import NeuralNetwork
import TensorFiles
import TestSupport
import Testing

@Suite struct InfoTests {
    /// The oracle is the library's model.
    @Test func theEmbeddedModelIsDescribed() throws {
        try withTemporaryFolder { folder in
            let model = try LIIFModel.default()
            let outcome = try liif(["info", "--default", "--tensors"], in: folder)
            #expect(outcome.status == 0 && outcome.errors == "")
            let lines = outcome.output.split(separator: "\n").map {
                $0.split(separator: " ").map(String.init)
            }
            let digits = lines.first { $0.first == "parameters" }?.last?.filter { $0 != "," }
            #expect(digits == "\(model.parameterCount)")
            for entry in model.layout.entries {
                let shape = entry.shape.map(String.init).joined(separator: "×")
                #expect(lines.contains([entry.name, shape]))
            }
        }
    }

    @Test func everySwitchIsSaid() throws {
        try withTemporaryFolder { folder in
            var configuration = LIIFConfiguration()
            configuration.encoder = .edsr(blocks: 2, channels: 4, residualScale: 0.5)
            configuration.hiddenWidths = [8, 6]
            configuration.cellDecoding = false
            configuration.featureUnfolding = false
            configuration.localEnsemble = false
            configuration.inputSkip = true
            try newModel(configuration).write(to: folder + "/small.safetensors")
            let outcome = try liif(["info", "small.safetensors"], in: folder)
            #expect(outcome.status == 0)
            for line in [
                "encoder             EDSR, 2 residual blocks of 4 features, residuals times 0.5",
                "decoder             MLP, hidden layers of 8, 6", "local ensemble      off",
                "feature unfolding   off", "cell decoding       off", "input skip          bilinear",
                "normalization       (v − 0.5) / 0.5", "author              a test",
            ] {
                #expect(outcome.output.contains(line + "\n"))
            }
        }
    }

    @Test func longKeysOfOthersAreSaidWhole() throws {
        try withTemporaryFolder { folder in
            var file = smallModel().safetensors()
            file.metadata["modelspec.architecture"] = "liif"
            try file.write(to: folder + "/small.safetensors")
            let outcome = try liif(["info", "small.safetensors"], in: folder)
            #expect(outcome.output.contains("\nmodelspec.architecture  liif\n"))
        }
    }

    /// Characters of two UTF-16 units and more.
    @Test func keysOfAnyCharactersAreSaidWhole() throws {
        try withTemporaryFolder { folder in
            let key = String(repeating: "🙂", count: 24)
            var file = smallModel().safetensors()
            file.metadata[key] = "a\u{1B}b"
            try file.write(to: folder + "/small.safetensors")
            let outcome = try liif(["info", "small.safetensors"], in: folder)
            #expect(outcome.output.contains("\n\(key)  a\\u{1b}b\n"), "\(outcome.output)")
        }
    }

    @Test func theSizeIsThatOfTheFileBehindALink() throws {
        try withTemporaryFolder { folder in
            try smallModel().write(to: folder + "/a.safetensors")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/b.safetensors", withDestinationPath: "a.safetensors")
            let outputs = try ["a", "b"].map { try liif(["info", "\($0).safetensors"], in: folder).output }
            let lines = outputs.map { $0.split(separator: "\n").dropFirst() }
            #expect(lines[0] == lines[1] && lines[0].first?.hasPrefix("size ") == true, "\(lines)")
        }
    }

    /// Which of two sets of weights is taken is said, and not among the results.
    @Test func theRunningMeanIsNamed() throws {
        try withTemporaryFolder { folder in
            var root = try #require(smallModel().releasedCheckpoint().dictionary)
            root[.string("ema")] = smallModel(seed: 2).releasedCheckpoint()["model"]
            try TorchCheckpoint.write(.dictionary(root), to: folder + "/a.pth")
            let outcome = try liif(["info", "a.pth"], in: folder)
            #expect(outcome.status == 0 && outcome.output.contains("\nweights             ema\n"))
            #expect(
                outcome.errors
                    == "Note: a.pth: its weights are those under 'ema', the running mean, not those under 'model'.\n"
            )
        }
    }

    @Test func theCellLimitIsSaid() throws {
        try withTemporaryFolder { folder in
            var configuration = LIIFConfiguration()
            configuration.encoder = .edsr(blocks: 1, channels: 4, residualScale: 1)
            configuration.hiddenWidths = [4]
            configuration.greatestCellScale = 4
            try newModel(configuration).write(to: folder + "/small.safetensors")
            let outcome = try liif(["info", "small.safetensors"], in: folder)
            #expect(outcome.output.contains("cell decoding       on, pixels no smaller than at ×4\n"))
        }
    }

    @Test func oneModelIsToBeNamed() throws {
        try withTemporaryFolder { folder in
            let error = "Name one model: a file of weights, or --default."
            try expectFailure("info", status: 64, error: error, in: folder)
            try expectFailure("info", "a.safetensors", "--default", status: 64, error: error, in: folder)
        }
    }
}
