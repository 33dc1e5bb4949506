import Foundation
import LIIFEvaluation
import LIIFTraining
import RecipeFormat
import Testing

/// The files in `Recipes`.
@Suite struct ShippedRecipeTests {
    private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Recipes").path

    /// Each is readable, opens with its result and names its own command.
    @Test func theShippedRecipesAreReadable() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".yaml") }.sorted()
        #expect(names.contains("edsr-baseline-liif.yaml") && names.contains("evaluate-set14-x4.yaml"))
        for name in names {
            let path = "\(folder)/\(name)"
            let verb: String
            if name.hasPrefix("evaluate-") {
                let recipe = try EvaluationRecipe(contentsOf: path)
                if name.hasPrefix("evaluate-celebahq") {
                    #expect(recipe.evaluationProtocol == .faces)
                } else {
                    let scale = try #require(recipe.evaluationProtocol.name?.split(separator: "-").last)
                    #expect(name.hasSuffix("-x\(scale).yaml"))
                }
                verb = "evaluate"
            } else {
                _ = try TrainingRecipe(contentsOf: path)
                verb = "train"
            }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(
                text.hasPrefix("# ") && text.contains("Run: liif \(verb) ")
                    && text.contains("Recipes/\(name)"), "\(name)")
        }
        let recipe = try TrainingRecipe(contentsOf: "\(folder)/edsr-baseline-liif.yaml")
        #expect(recipe.validationData?.repetitions == 160 && recipe.validationData?.firstCount == 10)
    }

    /// Oracle: Table 5: the rows of a task differ in the model and in what is done to the ground truths.
    @Test(arguments: [(64, 128), (32, 256)]) func facesDifferInModelAndTruths(low: Int, high: Int) throws {
        func recipe(_ suffix: String) throws -> TrainingRecipe {
            try TrainingRecipe(contentsOf: "\(folder)/celebahq-\(low)-\(high)-\(suffix).yaml")
        }
        let (liif, resized, modules) = (try recipe("liif"), try recipe("liif-resized"), try recipe("modules"))
        func wrapper(_ truthSize: Int?, _ samples: Int?) -> SampleRecipe {
            .uniformlyVaried(size: low...high, augments: true, truthSize: truthSize, samplesPerImage: samples)
        }
        #expect(liif.trainingData.wrapper == wrapper(nil, 1024))
        #expect(resized.trainingData.wrapper == wrapper(high, 1024) && resized.model == liif.model)
        #expect(modules.trainingData.wrapper == wrapper(high, 1024))
        #expect(modules.model["name"] == "edsr-baseline")
        for recipe in [liif, resized, modules] {
            #expect(recipe.epochCount == 200)
            #expect(recipe.multiStep == MultiStepRecipe(milestones: [100], gamma: 0.1))
            #expect(recipe.validationData?.split?.key == "val")
            #expect(recipe.validationData?.firstCount == 100)
        }
        // Oracle: the released configurations: the first 100 of `val` select, all of it is measured. There is no `test`.
        let measured = try EvaluationRecipe(contentsOf: "\(folder)/evaluate-celebahq-\(low)-\(high).yaml")
        #expect(measured.dataset.split?.key == "val" && measured.dataset.firstCount == nil)
    }

    /// Oracle: Tables 3 and 4: each differs from Table 1's recipe in one thing.
    @Test(arguments: ["c", "u", "e", "d", "x2", "x3", "x4"]) func ablationsDifferInOneThing(suffix: String)
        throws
    {
        var expected = try RecipeMapping(contentsOf: "\(folder)/edsr-baseline-liif.yaml").yaml
        let list = "hidden_list: [256, 256, 256, 256]\n"
        let changes: [String: (String, String)] = [
            "c": (list, list + "    cell_decode: false\n"), "u": (list, list + "    feat_unfold: false\n"),
            "e": (list, list + "    local_ensemble: false\n"), "d": (list, "hidden_list: [256, 256]\n"),
            "x2": ("scale_max: 4", "scale_min: 2"), "x3": ("scale_max: 4", "scale_min: 3"),
            "x4": ("scale_max: 4", "scale_min: 4"),
        ]
        let (old, new) = try #require(changes[suffix])
        expected = expected.replacingOccurrences(of: old, with: new)
        #expect(try RecipeMapping(contentsOf: "\(folder)/edsr-baseline-liif-\(suffix).yaml").yaml == expected)
    }
}
