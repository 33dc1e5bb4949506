import Foundation
import LIIFTraining
import Testing

/// Two runs in one folder would overwrite each other's checkpoints and log.
@Suite struct TrainerLockTests {
    /// Names and bytes of a run's files.
    private func files(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))
            })
    }

    /// In a folder that is there, and in one that the first run makes.
    @Test(arguments: [1, 0]) func aSecondRunIsRefusedWhileTheFirstGoesOn(done: Int) throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(validation: false)
        let folder = run.folder("run")
        if done > 0 { try run.train(recipe, in: "run", limit: done) }
        func refuses() throws {
            let before = try files(folder)
            for resume in [true, false] {
                #expect(throws: TrainerError.folderLocked(folder)) {
                    _ = try Trainer(recipe, folder: folder, resume: resume)
                }
            }
            #expect(try files(folder) == before)
        }
        do {
            let first = try Trainer(recipe, folder: folder, resume: true)
            try refuses()
            var reports = 0
            try first.run(limit: 2) { _ in
                reports += 1
                #expect(throws: TrainerError.folderLocked(folder)) {
                    _ = try Trainer(recipe, folder: folder, resume: true)
                }
            }
            #expect(reports == 2 - done)
            try refuses()
            withExtendedLifetime(first) {}
        }
        #expect(try files(folder).keys.sorted() == ["last.safetensors", "log.jsonl"])
        #expect(try run.train(recipe, in: "run", limit: 3, resume: true).map(\.iteration) == [3])
    }

    /// Before the data, or anything else, are read.
    @Test func theFolderIsTheFirstThingLookedAt() throws {
        let run = try TrainingRun()
        let first = try Trainer(run.recipe(), folder: run.folder("run"), resume: false)
        #expect(throws: TrainerError.folderLocked(run.folder("run"))) {
            _ = try Trainer(
                run.recipe("initial_weights: none.pth", model: "{name: none}"), folder: run.folder("run"),
                resume: true)
        }
        withExtendedLifetime(first) {}
    }

    /// What cannot begin leaves the folder to others.
    @Test func aRunThatCannotBeginHoldsNothing() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        #expect(throws: CheckpointError.self) {
            try run.train(run.recipe(seed: 7), in: "run", resume: true)
        }
        #expect(try run.train(run.recipe(), in: "run", limit: 2, resume: true).count == 1)
    }
}
