import Files
import Foundation
import LIIFTraining
import RecipeFormat
import TensorFiles
import Tensors
import Testing

/// Checkpoints and folders that a run cannot go on with; they are left as they are.
extension TrainerTests {
    @Test func aFolderInUseIsRefused() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        let before = try run.checkpoint("run")
        #expect(throws: TrainerError.folderInUse(run.folder("run"))) {
            try run.train(run.recipe(), in: "run")
        }
        #expect(try run.checkpoint("run") == before)
    }

    @Test(arguments: ["model.safetensors", "best.safetensors", "epoch-3.safetensors", "log.jsonl"])
    func whatIsLeftOfARunIsNotOverwritten(_ name: String) throws {
        let run = try TrainingRun()
        let folder = run.folder("run")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let file = URL(fileURLWithPath: "\(folder)/\(name)")
        try Data("kept".utf8).write(to: file)
        #expect(throws: TrainerError.folderInUse(folder)) { try run.train(run.recipe(), in: "run", limit: 1) }
        if name == "model.safetensors" {
            #expect(throws: TrainerError.noCheckpoint(folder)) {
                try run.train(run.recipe(), in: "run", limit: 1, resume: true)
            }
        }
        // It would be gone on with, if it were a checkpoint.
        if ["best.safetensors", "epoch-3.safetensors"].contains(name) {
            #expect(throws: TensorFileError.self) {
                try run.train(run.recipe(), in: "run", limit: 1, resume: true)
            }
        }
        #expect(try Data(contentsOf: file) == Data("kept".utf8))
    }

    /// Its lines would be lost.
    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func aLogThatCannotBeReadIsNotOverwritten() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        func permit(_ permissions: Int) throws {
            try FileManager.default.setAttributes(
                [.posixPermissions: permissions], ofItemAtPath: "\(run.folder("run"))/log.jsonl")
        }
        try permit(0o200)
        #expect(throws: UnwritableFile.self) { try run.train(run.recipe(), in: "run", resume: true) }
        try permit(0o600)
        #expect(try run.log("run") == [1])
    }

    @Test func anEmptyLogIsNoRun() throws {
        let run = try TrainingRun()
        try FileManager.default.createDirectory(
            atPath: run.folder("run"), withIntermediateDirectories: false)
        try Data().write(to: URL(fileURLWithPath: "\(run.folder("run"))/log.jsonl"))
        #expect(try run.train(run.recipe(), in: "run", limit: 1).count == 1)
    }

    @Test(arguments: [
        ("seed: 1", "seed"), ("ema: 0.5", "ema"), ("gradient_clip: 1", "gradient_clip"),
        ("iterations_per_epoch: 5", "iterations_per_epoch"), ("loss: l2", "loss"),
    ]) func anotherRecipesCheckpointIsRefusedByName(_ extra: String, setting: String) throws {
        let run = try TrainingRun()
        try run.train(run.recipe(seed: 7), in: "run", limit: 1)
        let before = try run.checkpoint("run")
        let recipe = setting == "seed" ? try run.recipe(seed: 1) : try run.recipe(extra, seed: 7)
        let error = #expect(throws: CheckpointError.self) { try run.train(recipe, in: "run", resume: true) }
        guard case .otherRecipe(let file, let name, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(name == setting && file == "\(run.folder("run"))/last.safetensors")
        #expect(try run.checkpoint("run") == before)
    }

    /// Fails if every one of the past's rates is asked for, which would take years here.
    @Test func aDamagedCountOfIterationsIsRefusedAtOnce() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        var file = try run.checkpoint("run")
        file.metadata["training.state"] = file.metadata["training.state"]?
            .replacing("\"iteration\": 1,", with: "\"iteration\": \(Int.max),")
        try file.write(to: "\(run.folder("run"))/last.safetensors")
        #expect(throws: TrainerError.pastTheEnd(iteration: .max, end: 12)) {
            try run.train(run.recipe(), in: "run", resume: true)
        }
    }

    @Test func aDamagedLengthOfTheEpochIsRefused() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe("schedule: {cosine: true}")
        try run.train(recipe, in: "run", limit: 1)
        var file = try run.checkpoint("run")
        let state = try #require(file.metadata["training.state"])
        file.metadata["training.state"] = state.replacing(
            "\"iterations_per_epoch\": 3", with: "\"iterations_per_epoch\": \(Int.max)")
        try #require(file.metadata["training.state"] != state)
        try file.write(to: "\(run.folder("run"))/last.safetensors")
        #expect(throws: RecipeError.self) { try run.train(recipe, in: "run", resume: true) }
    }

    @Test func anotherModelOrRateIsRefused() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        for (recipe, setting) in [
            (try run.recipe(hidden: "[16, 8]"), "model"), (try run.recipe(rate: "2.e-3"), "optimizer"),
        ] {
            let error = #expect(throws: CheckpointError.self) {
                try run.train(recipe, in: "run", resume: true)
            }
            #expect(error?.description.contains("it was trained with \(setting) ") == true)
        }
    }

    /// 4 of 12 iterations are done; what the recipe then says of the first 4 must be what was done.
    @Test(arguments: [
        ("schedule: {cosine: true}", 2), ("schedule: {warmup: 2}", 1),
        ("schedule: {hold: 2, cosine: true}", 4),
        ("multi_step_lr: {milestones: [1], gamma: 0.5}", 4),
    ]) func otherRatesInThePastAreRefused(_ extra: String, iteration: Int) throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 4)
        let before = try run.checkpoint("run")
        let error = #expect(throws: CheckpointError.self) {
            try run.train(run.recipe(extra), in: "run", resume: true)
        }
        guard case .otherRates(let file, iteration, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file == "\(run.folder("run"))/last.safetensors")
        #expect(try run.checkpoint("run") == before)
    }

    @Test(arguments: [0, 7, 500, 2000]) func aTruncatedCheckpointIsRefusedAndLeftAlone(_ size: Int) throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        let url = URL(fileURLWithPath: "\(run.folder("run"))/last.safetensors")
        let damaged = try Data(contentsOf: url).prefix(size)
        try damaged.write(to: url)
        #expect(throws: TensorFileError.self) { try run.train(run.recipe(), in: "run", resume: true) }
        #expect(try Data(contentsOf: url) == damaged)
    }

    @Test func aModelWithoutTrainingsStateIsRefusedAndLeftAlone() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        let path = "\(run.folder("run"))/last.safetensors"
        let whole = try run.checkpoint("run")
        var cases: [SafetensorsFile] = []
        for key in ["training.state", "training.recipe"] {
            var file = whole
            file.metadata[key] = nil
            cases.append(file)
        }
        for name in ["training.parameters", "training.adam.first_moment", "training.adam.second_moment"] {
            var file = whole
            file[name] = nil
            cases.append(file)
            file[name] = Tensor(shape: [3])
            cases.append(file)
        }
        for file in cases {
            try file.write(to: path)
            let error = #expect(throws: CheckpointError.self) {
                try run.train(run.recipe(), in: "run", resume: true)
            }
            #expect(error?.description.hasPrefix(path) == true)
            #expect(try run.checkpoint("run") == file)
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let run = try TrainingRun()
        try Data().write(to: URL(fileURLWithPath: run.folder("file")))
        let error = #expect(throws: TrainerError.self) { try run.train(run.recipe(), in: "file/inside") }
        // The system's words, not the number of an error of Foundation's.
        #expect(
            error?.description
                == "\(run.folder("file/inside")): checkpoints cannot be written there: not a directory.")
    }
}
