import Foundation
import LIIFEvaluation
import LIIFTraining
import RecipeFormat
import Testing

/// What reading a text says is wrong with it.
private func complaint(_ text: String) -> String {
    do {
        _ = try TrainingRecipe(RecipeMapping(yaml: text, file: "r.yaml"), file: "r.yaml")
        return "(no error)"
    } catch {
        return "\(error)"
    }
}

/// Lists of ten, each of ten of the level before.
private func aliases(levels: Int) -> String {
    (1...levels).reduce("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n") { text, level in
        let list = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
        return text + "a\(level): &a\(level) [\(list)]\n"
    }
}

extension RecipeTests {
    /// Each pair: a line of the good recipe and what stands in its place; then what the message must hold.
    @Test(arguments: [
        ("epoch_max: 1000", "epoch_maxx: 1000", ["r.yaml:35:", "'epoch_maxx'", "Did you mean 'epoch_max'?"]),
        ("batch_size: 16", "batchsize: 16", ["r.yaml:15: train_dataset", "Did you mean 'batch_size'?"]),
        (
            "inp_size: 48", "imp_size: 48",
            [
                "r.yaml:11: train_dataset.wrapper.args", "Did you mean 'inp_size'?",
                "Known here: inp_size, scale_min",
            ]
        ),
        ("scale_max: 4", "colour: 4", ["unknown key 'colour'. Known here"]),
        (
            "epoch_max: 1000", "epoch_max: 1000.0",
            ["r.yaml:35: epoch_max: found 1000.0, expected a whole number"]
        ),
        (
            "epoch_max: 1000", "epoch_max: 0",
            ["epoch_max: found 0, expected a whole number from 1 to 1000000000"]
        ),
        ("epoch_max: 1000", "# none", ["r.yaml: the key 'epoch_max' is missing"]),
        (
            "augment: true", "augment: 1",
            ["train_dataset.wrapper.args.augment: found 1, expected true or false"]
        ),
        (
            "augment: true", "gt_reduction_max: 0.5",
            ["train_dataset.wrapper.args.gt_reduction_max: found 0.5, expected a number from 1 to 16"]
        ),
        (
            "inp_size: 48", "gt_reduction_max: 2",
            ["train_dataset.wrapper.args.gt_reduction_max: ", "only crops are cut larger; give inp_size"]
        ),
        (
            "scale_max: 4", "scale_max: 0.5",
            ["scale_max: found 0.5, expected a number of at least scale_min (1.0)"]
        ),
        (
            "scale_max: 4", "scale_min: 1.e-20",
            ["train_dataset.wrapper.args.scale_min: found 1e-20, expected a number from 1 to 1000"]
        ),
        ("inp_size: 48", "inp_size: [48]", ["inp_size: found a list of 1, expected a whole number from 1"]),
        (
            "name: image-folder", "name: image-foldr",
            ["train_dataset.dataset.name: found the text 'image-foldr'", "did you mean 'image-folder'?"]
        ),
        ("name: sr-implicit-downsampled", "name: sr-implicit-paired", ["takes paired-image-folders, not an"]),
        (
            "cache: in_memory", "cache: memory",
            ["cache: found the text 'memory', expected none or bin or in_memory"]
        ),
        ("repeat: 20", "repeat: 20\n      split_key: train", ["the key 'split_file' is missing"]),
        (
            "name: adam", "name: sgd",
            ["r.yaml:32: optimizer.name: the optimizer 'sgd' is not supported; use adam or muon"]
        ),
        ("lr: 1.e-4", "lr: -1", ["optimizer.args.lr: found -1, expected a number above 0"]),
        ("lr: 1.e-4", "lr: 1.e-4\n    weight_decay: 0.1", ["weight decay is not supported"]),
        ("lr: 1.e-4", "lr: 1.e-4\n    betas: [0.9, 1.5]", ["betas: found [0.9, 1.5], expected two numbers"]),
        (
            "[200, 400, 600, 800]", "[200, 100]",
            ["multi_step_lr.milestones: found [200, 100], expected ascending"]
        ),
        (
            "inp: {sub: [0.5], div: [0.5]}", "inp: {sub: [0.5], div: [0]}",
            ["data_norm.inp.div: found [0], expected"]
        ),
        ("inp: {sub: [0.5], div: [0.5]}", "inp: 3", ["data_norm.inp: found 3, expected a mapping"]),
        ("epoch_val: 1", "eval_type: div2k", ["eval_type: found the text 'div2k', expected div2k-N"]),
        ("epoch_val: 1", "eval_type: set5-2", ["eval_type: found the text 'set5-2'"]),
        ("epoch_val: 1", "precision: float16", ["precision: found the text 'float16'", "did you mean"]),
        (
            "epoch_val: 1", "schedule: {hold: 5}",
            ["schedule.hold: found 5, expected none without `cosine: true`"]
        ),
        (
            "epoch_val: 1", "schedule: {floor: 0.1}",
            ["schedule.floor: found 0.1, expected none without `cosine: true`"]
        ),
        ("epoch_val: 1", "ema: 1", ["ema: found 1, expected a decay from 0 to below 1"]),
    ])
    func wrongRecipesSayWhatIsWrong(old: String, new: String, expected: [String]) {
        let message = complaint(recipeText(replacing: old, with: new))
        for part in expected {
            #expect(message.contains(part), "\(message)")
        }
    }

    @Test(arguments: [
        ("a: [1, 2\nb: 3", "r.yaml:2:"), ("a: b: c", "r.yaml:1:5"), ("a:\n\t- 1", "r.yaml:2:1"),
        ("", "a recipe is a mapping"), ("- 1\n- 2", "r.yaml:1:1: not valid YAML: a recipe is a mapping"),
        ("a: 1\nb: 2\na: 3", "the key 'a' stands twice"), ("a: *b", "undefined alias"),
        ("[1]: 2", "a key is a word"), ("a: \u{1}", "r.yaml:1"),
    ])
    func malformedYAMLNamesTheLine(text: String, expected: String) {
        let message = complaint(text)
        #expect(message.hasPrefix("r.yaml") && message.contains(expected), "\(message)")
    }

    @Test func aliasesCannotGrowWithoutBound() {
        #expect(complaint(aliases(levels: 9)).contains("more than 10000 values"))
    }

    /// Yams hashes all of a key, here 10⁸ values.
    @Test(arguments: ["{? *a7 : 1}", "{*a7 : 1}", "{[*a7]: 1}", "{{b: *a7} : 1}", "\n  ?\n    *a7\n  : 1"])
    func aliasesCannotMakeHugeKeys(key: String) {
        let message = complaint(aliases(levels: 7) + "a8: \(key)\n")
        #expect(message.hasPrefix("r.yaml:\(key.hasPrefix("{") ? 9 : 10):"), "\(message)")
        #expect(message.contains("a key is a word, not a list, a mapping or an alias"), "\(message)")
    }

    @Test func manyAliasesOfOneValueAreRead() throws {
        let list = [String](repeating: "*a", count: 100).joined(separator: ", ")
        let mapping = try RecipeMapping(yaml: "a: &a 1\nb: [\(list)]\n", file: "f")
        #expect(mapping["b"] == .list([RecipeValue](repeating: 1, count: 100)))
    }

    @Test func unreadableFilesAreNamed() throws {
        #expect(throws: RecipeError.unreadable(file: "/no/such.yaml", reason: "there is no such file")) {
            _ = try TrainingRecipe(contentsOf: "/no/such.yaml")
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml")
        try Data([0x89, 0x50, 0x4E, 0x47, 0xFF, 0x00]).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        #expect {
            _ = try TrainingRecipe(contentsOf: path.path)
        } throws: {
            "\($0)".hasPrefix(path.path) && "\($0)".contains("UTF-8 text")
        }
        let folder = FileManager.default.temporaryDirectory.path
        let reason = "it is a folder; a recipe is a YAML file"
        #expect(throws: RecipeError.unreadable(file: folder, reason: reason)) {
            _ = try TrainingRecipe(contentsOf: folder)
        }
    }

    /// `liif train <(…)`: a file without a size.
    @Test func aPipeIsRead() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("a: 1\n".utf8))
        try pipe.fileHandleForWriting.close()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        let mapping = try RecipeMapping(contentsOf: path)
        #expect(mapping["a"] == .integer(1))
        withExtendedLifetime(pipe) {}
    }

    @Test func evaluationRecipesKnowTheirOwnKeys() throws {
        let text = """
            test_dataset:
              dataset:
                name: paired-image-folders
                args: {root_path_1: LR, root_path_2: HR}
              wrapper: {name: sr-implicit-paired, args: {}}
              batch_size: 1
            eval_type: benchmark-2
            eval_bsize: 30000
            data_norm:
              inp: {sub: [0.5], div: [0.5]}
              gt: {sub: [0.5], div: [0.5]}
            """
        let recipe = try EvaluationRecipe(RecipeMapping(yaml: text, file: "e.yaml"), file: "e.yaml")
        #expect(recipe.evaluationProtocol == .benchmark(scale: 2) && recipe.queriesPerBatch == 30000)
        #expect(recipe.dataset.wrapper == .paired(inputPatchSize: nil, augments: false, samplesPerImage: nil))
        let again = try EvaluationRecipe(
            RecipeMapping(yaml: recipe.mapping.yaml, file: "e.yaml"), file: "e.yaml")
        #expect(again == recipe)
        #expect {
            let wrong = text.replacingOccurrences(of: "eval_bsize", with: "eval_size")
            _ = try EvaluationRecipe(RecipeMapping(yaml: wrong, file: "e.yaml"), file: "e.yaml")
        } throws: {
            "\($0)".contains("e.yaml:8: unknown key 'eval_size'. Did you mean 'eval_bsize'?")
        }
    }
}
