import Foundation
import LIIF
import TestSupport
import Testing

/// `liif models`, and names of models wherever one is asked for.
@Suite struct ModelsTests {
    private func withModels(_ body: (_ folder: String, _ models: String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let models = folder + "/models"
            try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: false)
            var configuration = LIIFConfiguration()
            configuration.encoder = .edsr(blocks: 2, channels: 4, residualScale: 1)
            configuration.hiddenWidths = [8]
            configuration.cellDecoding = false
            try newModel(configuration).write(to: models + "/small.safetensors")
            try newModel(configuration).writeReleasedCheckpoint(to: models + "/other.pth")
            try Data("no model".utf8).write(to: URL(fileURLWithPath: models + "/broken.safetensors"))
            try body(folder, models)
        }
    }

    @Test func whatIsThereIsListed() throws {
        try withModels { folder, models in
            let outcome = try liif(["models"], in: folder, environment: ["LIIF_MODELS": models])
            #expect(outcome.status == 0 && outcome.errors == "")
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 5)
            #expect(lines[0].hasPrefix("default  embedded"))
            #expect(lines[1].hasPrefix("broken   safetensors  1 kB"))
            #expect(lines[1].contains("cannot be used: \(models)/broken.safetensors: "))
            #expect(lines[2].hasPrefix("other    pth"))
            #expect(lines[3].hasPrefix("small    safetensors"))
            #expect(
                lines[3].hasSuffix(
                    "EDSR, 2 residual blocks of 4 features, decoder 8, no cell decoding; 1,191 parameters; author a test"
                ), "\(lines[3])")
            #expect(lines[4] == "Models folder: \(models)")
        }
    }

    /// Some have two UTF-16 units a character, some would steer the terminal.
    @Test func namesOfAnyCharactersAreListedWhole() throws {
        try withModels { folder, models in
            let name = String(repeating: "🙂", count: 12)
            for name in [name, "\u{1B}c"] { try smallModel().write(to: "\(models)/\(name).safetensors") }
            let outcome = try liif(["models", "--models", "models"], in: folder)
            #expect(outcome.output.contains("\n\(name)  safetensors  "), "\(outcome.output)")
            #expect(outcome.output.contains("\n\\u{1b}c") && !outcome.output.contains("\u{1B}"))
        }
    }

    @Test func theListAsJSON() throws {
        try withModels { folder, models in
            let outcome = try liif(["models", "--json", "--models", models], in: folder)
            let parsed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            let list = try #require(parsed as? [[String: Any]])
            #expect(list.map { $0["name"] as? String } == ["default", "broken", "other", "small"])
            #expect(list[0]["parameters"] as? Int == (try LIIFModel.default().parameterCount))
            #expect(list[1]["error"] is String && list[1]["parameters"] == nil)
            #expect(list[3]["path"] as? String == "\(models)/small.safetensors")
            #expect((list[3]["model"] as? [String: Any])?["name"] as? String == "liif")
        }
    }

    @Test func withoutAFolderThereIsTheEmbeddedModel() throws {
        try withTemporaryFolder { folder in
            let outcome = try liif(["models"], in: folder)
            #expect(outcome.output.hasPrefix("default  embedded"))
            #expect(outcome.output.hasSuffix("\n\nModels folder: /nonexistent/models (not there yet)\n"))
        }
    }

    @Test func aModelIsCalledByItsName() throws {
        try withModels { folder, models in
            try writeInput(in: folder)
            let byPath = try liif(
                [
                    "upscale", "input.png", "-o", "a.png", "--scale", "2", "--strip", "--model",
                    "models/small.safetensors",
                ],
                in: folder)
            let byName = try liif(
                [
                    "upscale", "input.png", "-o", "b.png", "--scale", "2", "--strip", "--model", "small",
                    "--models",
                    "models",
                ],
                in: folder)
            #expect(byPath.status == 0 && byName.status == 0, "\(byName.errors)")
            let files = try ["a.png", "b.png"].map {
                try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))
            }
            #expect(files[0] == files[1])
            let info = try liif(["info", "other"], in: folder, environment: ["LIIF_MODELS": models])
            #expect(info.status == 0 && info.output.contains("EDSR, 2 residual blocks"))
        }
    }

    @Test func aMistypedNameIsAnswered() throws {
        try withModels { folder, models in
            try expectFailure(
                "info", "smal", "--models", "models", status: 1,
                error:
                    "smal: there is neither such a file nor a model of this name in models. Did you mean 'small'?",
                in: folder)
            try expectFailure(
                "info", "swinir", "--models", "models", status: 1,
                error:
                    "swinir: there is neither such a file nor a model of this name in models. `liif models` lists "
                    + "what there is.", in: folder)
        }
    }
}
