import Foundation
import LIIFReproduction
import LIIFTraining
import RecipeFormat
import Testing

/// The repository's recipes.
let recipesFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Recipes").path

@Suite struct SmallBudgetTests {
    private func small(_ name: String) throws -> TrainingRecipe {
        try SmallBudget().applied(to: TrainingRecipe(contentsOf: "\(recipesFolder)/\(name).yaml"))
    }

    private func arguments(_ recipe: TrainingRecipe) -> RecipeMapping {
        guard case .mapping(let arguments)? = recipe.model["args"] else { return [:] }
        return arguments
    }

    @Test func shrinksNetworkAndSchedule() throws {
        let recipe = try small("edsr-baseline-liif")
        let expected = try RecipeMapping(
            yaml: """
                encoder_spec:
                  name: edsr
                  args: {n_resblocks: 8, n_feats: 32, res_scale: 1, no_upsampling: true}
                imnet_spec:
                  name: mlp
                  args: {out_dim: 3, hidden_list: [64, 64, 64, 64]}
                input_skip: bilinear
                """, file: "expected")
        #expect(arguments(recipe) == expected)
        #expect(
            recipe.trainingData.wrapper
                == .downsampled(
                    inputPatchSize: 48, scale: 1...4, augmentation: AugmentationRecipe(turns: true),
                    samplesPerImage: 1024))
        #expect(abs(recipe.optimizer.learningRate - 2e-3) < 1e-12 && recipe.trainingData.batchSize == 8)
        #expect(recipe.schedule == ScheduleRecipe(warmupIterations: 100, followsCosine: true))
        #expect(recipe.multiStep == nil && recipe.epochCount == 15)
        // On every machine, so that a run that is moved goes on.
        #expect(recipe.mapping["precision"] == "bfloat16")
        #expect(recipe.iterationsPerEpoch(sampleCount: 16000) == 200)
        #expect(recipe.validationData?.repetitions == 4 && recipe.trainingData.repetitions == 20)
    }

    /// What tells the rows of a table apart must survive.
    @Test func rowsStillDiffer() throws {
        #expect(arguments(try small("edsr-baseline-liif-c"))["cell_decode"] == false)
        #expect(arguments(try small("edsr-baseline-liif-u"))["feat_unfold"] == false)
        #expect(arguments(try small("edsr-baseline-liif-e"))["local_ensemble"] == false)
        guard case .mapping(let network)? = arguments(try small("edsr-baseline-liif-d"))["imnet_spec"],
            case .mapping(let shape)? = network["args"]
        else {
            Issue.record("imnet_spec is lost")
            return
        }
        #expect(shape["hidden_list"] == [64, 64])
        let modules = try small("edsr-baseline-x3")
        #expect(modules.model["name"] == "liif" && arguments(modules).keys == ["encoder_spec", "input_skip"])
        guard case .mapping(let encoder)? = arguments(modules)["encoder_spec"],
            case .mapping(let size)? = encoder["args"]
        else {
            Issue.record("the module is lost")
            return
        }
        #expect(encoder["name"] == "edsr")
        #expect(size.keys == ["n_resblocks", "n_feats", "res_scale", "scale"])
        let metaSR = try small("edsr-baseline-metasr")
        #expect(metaSR.model["name"] == "metasr" && arguments(metaSR)["hidden_width"] == 64)
        #expect(arguments(metaSR)["input_skip"] == "bilinear")
        let faces = try small("celebahq-32-256-modules")
        #expect(
            faces.trainingData.wrapper
                == .uniformlyVaried(size: 32...256, augments: true, truthSize: 256, samplesPerImage: 1024))
    }

    @Test func whatHasNoSmallVersionIsRefused() throws {
        #expect {
            _ = try small("rdn-liif")
        } throws: {
            "\($0)".contains("rdn-liif.yaml:") && "\($0)".contains("model.args.encoder_spec.name")
                && "\($0)".hasSuffix("there is no small version of it; only edsr-baseline has one.")
        }
    }

    /// Every model that some table or figure asks for has its recipe, at both budgets.
    @Test(arguments: Experiment.allCases) func everyRowHasItsRecipe(experiment: Experiment) throws {
        for budget in [Budget.paper, .small(SmallBudget())] {
            for name in experiment.recipes(budget) {
                let recipe = try TrainingRecipe(contentsOf: "\(recipesFolder)/\(name).yaml")
                _ = try budget.applied(to: recipe)
            }
        }
    }
}
