import Foundation
import ImageCodecs
import Imaging
import LIIFEvaluation
import LIIFReproduction
import LIIFTraining
import TestSupport
import Testing

@Suite struct DataLayoutTests {
    private func recipe(_ name: String, in folders: [String]) throws -> TrainingRecipe {
        try withTemporaryFolder { root in
            for folder in folders {
                try FileManager.default.createDirectory(
                    atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
            }
            return try DataLayout(root: root, faceSplit: "/split.json")
                .adapted(TrainingRecipe(contentsOf: "\(recipesFolder)/\(name).yaml"))
        }
    }

    @Test func theReleasedLayoutIsTakenAsItIs() throws {
        for name in ["edsr-baseline-liif", "edsr-baseline-x2", "celebahq-64-128-liif"] {
            let plain = try TrainingRecipe(contentsOf: "\(recipesFolder)/\(name).yaml")
            #expect(try recipe(name, in: ["load/div2k", "train"]) == plain)
        }
    }

    @Test func photographsAndPairs() throws {
        let liif = try recipe("edsr-baseline-liif", in: ["train"])
        #expect(liif.trainingData.source == .folder("train"))
        #expect(liif.validationData?.source == .folder("validation"))
        #expect(liif.trainingData.repetitions == 20)
        // Pairs become whole scales of the same photographs; all pixels are still taken.
        let modules = try recipe("edsr-baseline-x3", in: ["train"])
        #expect(modules.trainingData.source == .folder("train"))
        #expect(
            modules.trainingData.wrapper
                == .downsampled(
                    inputPatchSize: 48, scale: 3...3, augmentation: AugmentationRecipe(turns: true),
                    samplesPerImage: nil))
        #expect(modules.validationData?.source == .folder("validation"))
    }

    @Test func faces() throws {
        let recipe = try recipe("celebahq-64-128-liif", in: ["faces256"])
        #expect(recipe.trainingData.source == .folder("faces256"))
        #expect(recipe.trainingData.split == .init(file: "/split.json", key: "train"))
        #expect(
            recipe.trainingData.wrapper
                == .uniformlyVaried(
                    size: 64...128, augments: true, truthSize: nil, samplesPerImage: 1024, inputSize: 64))
        #expect(recipe.validationData?.split?.key == "val")
        let released = try EvaluationRecipe(contentsOf: "\(recipesFolder)/evaluate-celebahq-32-256.yaml")
        func adapted(in folder: String) throws -> EvaluationRecipe {
            try withTemporaryFolder { root in
                try FileManager.default.createDirectory(
                    atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
                return try DataLayout(root: root, faceSplit: "/split.json").adapted(released)
            }
        }
        #expect(try adapted(in: "load/celebAHQ") == released)
        let test = try adapted(in: "faces256").dataset
        #expect(
            test.wrapper
                == .uniformlyVaried(
                    size: 256...256, augments: false, truthSize: nil, samplesPerImage: nil, inputSize: 32))
        // Not those that selected the model.
        #expect(test.split == .init(file: "/split.json", key: "test"))
    }

    /// Oracle: the data's own rule, by name order the last 100 test and the 100 before them select.
    @Test func facesAreHeldBack() throws {
        try withTemporaryFolder { folder in
            let pixel = Image<UInt8>(width: 1, height: 1, channels: 3)
            for index in 0..<200 { try pixel.write(to: "\(folder)/\(1000 + index).png") }
            #expect(throws: ReproductionError.tooFewFaces(folder, count: 200, least: 201)) {
                _ = try FaceSplit.json(folder: folder)
            }
            for index in 200..<203 { try pixel.write(to: "\(folder)/\(1000 + index).png") }
            let text = try FaceSplit.json(folder: folder)
            let split = try JSONDecoder().decode([String: [String]].self, from: Data(text.utf8))
            #expect(split["train"] == ["1000.png", "1001.png", "1002.png"])
            #expect(split["val"]?.count == 100 && split["val"]?.first == "1003.png")
            #expect(split["test"]?.count == 100 && split["test"]?.last == "1202.png")
        }
    }
}
