import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import RecipeFormat
import Tensors
import Testing

/// The recipe of Table 1 as the release writes it, with the lines to change for each test.
func recipeText(replacing old: String = "", with new: String = "") -> String {
    let text = """
        train_dataset:
          dataset:
            name: image-folder
            args:
              root_path: ./load/div2k/DIV2K_train_HR
              repeat: 20
              cache: in_memory
          wrapper:
            name: sr-implicit-downsampled
            args:
              inp_size: 48
              scale_max: 4
              augment: true
              sample_q: 2304
          batch_size: 16
        data_norm:
          inp: {sub: [0.5], div: [0.5]}
          gt: {sub: [0.5], div: [0.5]}
        model:
          name: liif
          args:
            encoder_spec:
              name: edsr-baseline
              args:
                no_upsampling: true
            imnet_spec:
              name: mlp
              args:
                out_dim: 3
                hidden_list: [256, 256, 256, 256]
        optimizer:
          name: adam
          args:
            lr: 1.e-4
        epoch_max: 1000
        multi_step_lr:
          milestones: [200, 400, 600, 800]
          gamma: 0.5
        epoch_val: 1
        epoch_save: 100

        """
    guard !old.isEmpty else { return text }
    precondition(text.contains(old))
    return text.replacingOccurrences(of: old, with: new)
}

private func recipe(_ text: String) throws -> TrainingRecipe {
    try TrainingRecipe(RecipeMapping(yaml: text, file: "r.yaml"), file: "r.yaml")
}

@Suite struct RecipeTests {
    @Test func readsTheReleasedSchema() throws {
        let recipe = try recipe(recipeText())
        #expect(recipe.trainingData.source == .folder("./load/div2k/DIV2K_train_HR"))
        #expect(recipe.trainingData.repetitions == 20)
        #expect(recipe.trainingData.cache == .inMemory)
        #expect(
            recipe.trainingData.wrapper
                == .downsampled(
                    inputPatchSize: 48, scale: 1...4, augmentation: AugmentationRecipe(turns: true),
                    samplesPerImage: 2304))
        #expect(recipe.trainingData.batchSize == 16)
        #expect(recipe.validationData == nil)
        #expect(recipe.normalization == .signed)
        #expect(recipe.optimizer == OptimizerRecipe(learningRate: 1e-4))
        #expect(recipe.epochCount == 1000)
        #expect(recipe.multiStep == MultiStepRecipe(milestones: [200, 400, 600, 800], gamma: 0.5))
        #expect(recipe.epochsPerValidation == 1)
        #expect(recipe.epochsPerSave == 100)
        #expect(recipe.validationProtocol == .none)
        #expect(recipe.seed == 1 && recipe.precision == .float32 && recipe.schedule == nil)
        #expect(recipe.loss == .l1 && recipe.averageDecay == nil && recipe.gradientClip == nil)
        // 800 photographs x 20 / 16, and a smaller last batch where it does not divide: DataLoader's drop_last=False.
        #expect(recipe.iterationsPerEpoch(sampleCount: 16000) == 1000)
        #expect(recipe.iterationsPerEpoch(sampleCount: 16001) == 1001)
        guard case .mapping(let arguments)? = recipe.model["args"],
            case .mapping(let network)? = arguments["imnet_spec"],
            case .mapping(let inner)? = network["args"]
        else {
            Issue.record("model.args.imnet_spec.args is lost")
            return
        }
        #expect(arguments.keys == ["encoder_spec", "imnet_spec"])
        #expect(inner["hidden_list"] == [256, 256, 256, 256])
    }

    @Test func readsOurOwnKeys() throws {
        let ours = """
            seed: 7
            precision: bfloat16
            schedule: {warmup: 500, hold: 2000, cosine: true, floor: 0.01}
            loss: l2
            ema: 0.999
            gradient_clip: 1
            iterations_per_epoch: 250
            eval_type: benchmark-3
            eval_bsize: 30000
            resume: a dir/last.ckpt

            """
        let varied = "augment: true\n      permute_channels: true\n      gt_reduction_max: 1.5"
        let recipe = try recipe(recipeText(replacing: "augment: true", with: varied) + ours)
        #expect(
            recipe.trainingData.wrapper
                == .downsampled(
                    inputPatchSize: 48, scale: 1...4,
                    augmentation: AugmentationRecipe(
                        turns: true, permutesChannels: true, greatestReduction: 1.5),
                    samplesPerImage: 2304))
        #expect(try TrainingRecipe(recipe.mapping, file: "r.yaml") == recipe)
        #expect(recipe.seed == 7 && recipe.precision == .bfloat16)
        #expect(
            recipe.schedule
                == ScheduleRecipe(
                    warmupIterations: 500, holdIterations: 2000, followsCosine: true, floor: 0.01))
        #expect(recipe.loss == .l2 && recipe.averageDecay == 0.999 && recipe.gradientClip == 1)
        #expect(recipe.iterationsPerEpoch(sampleCount: 16000) == 250)
        #expect(recipe.validationProtocol == .benchmark(scale: 3))
        #expect(recipe.queriesPerBatch == 30000 && recipe.resume == "a dir/last.ckpt")
    }

    /// A warm-up of 2, 1 as it is, and a cosine over the rest of 3 epochs of 2.
    @Test func theCosineBeginsWhereTheHoldEnds() throws {
        let ours = "schedule: {warmup: 2, hold: 1, cosine: true}\n"
        let recipe = try recipe(recipeText(replacing: "epoch_max: 1000", with: "epoch_max: 3") + ours)
        let schedule = recipe.learningRate(iterationsPerEpoch: 2)
        let expected = [0.5, 1, 1, 1, 0.75, 0.25].map { 1e-4 * $0 }
        for (iteration, rate) in expected.enumerated() {
            #expect(abs(Double(schedule.rate(at: iteration)) - rate) < 1e-10, "iteration \(iteration)")
        }
    }

    /// Ours: faces from originals alone, the input's size beside the truth's.
    @Test func inputsOfFacesMayBeMade() throws {
        func wrapper(_ dataset: String) throws -> SampleRecipe {
            let text = """
                train_dataset:
                  dataset: \(dataset)
                  wrapper: {name: sr-implicit-uniform-varied, args: {size_min: 128, inp_size: 64}}
                  batch_size: 2
                """
            let old = recipeText().components(separatedBy: "data_norm:")[0]
            let original = try recipe(recipeText(replacing: old, with: text + "\n"))
            #expect(try recipe(original.mapping.yaml) == original)
            return original.trainingData.wrapper
        }
        #expect(
            try wrapper("{name: image-folder, args: {root_path: a}}")
                == .uniformlyVaried(
                    size: 128...128, augments: false, truthSize: nil, samplesPerImage: nil, inputSize: 64))
        #expect {
            _ = try wrapper("{name: paired-image-folders, args: {root_path_1: a, root_path_2: b}}")
        } throws: {
            "\($0)".contains("train_dataset.wrapper.args.inp_size: paired-image-folders bring their inputs")
        }
    }

    @Test(arguments: ["yaml", "json"]) func readsItselfBack(format: String) throws {
        let ours = """
            seed: 7
            schedule: {warmup: 500, hold: 9, cosine: true, floor: 1e-7}
            resume: "yes"
            val_dataset:
              dataset:
                name: paired-image-folders
                args: {root_path_1: 'a: b#c', root_path_2: "x\\"\\n\\u0085é…", split_file: s.json, split_key: '007'}
              wrapper: {name: sr-implicit-uniform-varied, args: {size_min: 32, size_max: 256, gt_resize: 256}}
              batch_size: 2

            """
        let original = try recipe(
            recipeText(
                replacing: "no_upsampling: true", with: "odd: [1, 2.0, null, ~, 'null', {a: {}, b: []}]")
                + ours)
        let text = format == "yaml" ? original.mapping.yaml : original.mapping.json
        let again = try recipe(text)
        #expect(again == original)
        #expect(again.mapping == original.mapping)
        #expect(again.validationData?.source == .pairedFolders(input: "a: b#c", truth: "x\"\n\u{85}é…"))
        #expect(again.resume == "yes")
    }

    /// Oracle: PyYAML's readings, and `1e-4`, which PyYAML takes for text.
    @Test(arguments: [
        ("1.e-4", 1e-4), ("1.E+3", 1000), (".5", 0.5), ("1e-4", 1e-4), ("1", 1), ("+2.50", 2.5),
        ("-0.25", -0.25),
    ])
    func numbersParse(text: String, expected: Double) throws {
        let mapping = try RecipeMapping(yaml: "a: \(text)", file: "f")
        switch mapping["a"] {
        case .number(let value): #expect(value == expected)
        case .integer(let value): #expect(Double(value) == expected)
        case let other: Issue.record("\(text) became \(String(describing: other))")
        }
    }

    @Test(arguments: ["1.2.3", ".", "e5", "+", "1e", "0x10", "nan", ".inf", "1e999"])
    func otherTextIsNoNumber(text: String) throws {
        #expect(try RecipeMapping(yaml: "a: \(text)", file: "f")["a"] == .string(text))
    }
}
