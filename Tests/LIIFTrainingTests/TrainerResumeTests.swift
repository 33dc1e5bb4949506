import Foundation
import Imaging
import LIIF
import LIIFTraining
import TensorFiles
import Tensors
import TestSupport
import Testing

/// An interrupted run goes on as if it had never stopped: bit for bit the same checkpoint.
@Suite struct TrainerResumeTests {
    struct Stop: Error {}

    /// Everything that training has left behind, weights and optimizer's state.
    func expectSame(
        _ actual: SafetensorsFile, _ expected: SafetensorsFile,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(actual.names == expected.names, sourceLocation: sourceLocation)
        for name in expected.names {
            let same = actual[name]?.values.map(\.bitPattern) == expected[name]?.values.map(\.bitPattern)
            #expect(same, "\(name)", sourceLocation: sourceLocation)
        }
        #expect(actual.metadata == expected.metadata, sourceLocation: sourceLocation)
    }

    /// In the middle of an epoch, at its end, right after its end, just before the run's end.
    @Test(arguments: Precision.supported, [TrainingRun.everything, ""])
    func aResumedRunEqualsAnUninterruptedOne(_ precision: Precision, extra: String) throws {
        let run = try TrainingRun()
        let recipe = try run.recipe("precision: \(precision.rawValue)\n\(extra)")
        try run.train(recipe, in: "whole")
        let expected = try run.checkpoint("whole")
        for limit in [1, 3, 4, 5, 11] {
            try run.train(recipe, in: "cut-\(limit)", limit: limit)
            #expect(try run.log("cut-\(limit)").last! <= limit)
            try run.train(recipe, in: "cut-\(limit)", resume: true)
            expectSame(try run.checkpoint("cut-\(limit)"), expected)
            expectSame(
                try run.checkpoint("cut-\(limit)", file: "best"), try run.checkpoint("whole", file: "best"))
        }
        // And cut after every single iteration.
        for limit in 1...12 { try run.train(recipe, in: "steps", limit: limit, resume: true) }
        expectSame(try run.checkpoint("steps"), expected)
    }

    @Test func aRunKilledBetweenCheckpointsRepeatsWhatWasLost() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(TrainingRun.everything)
        try run.train(recipe, in: "whole")
        // Iteration 5 is in the log but not in a checkpoint: the last is of iteration 3.
        let folder = run.folder("killed")
        try run.train(recipe, in: "killed", limit: 3)
        let early = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/last.safetensors"))
        try run.train(recipe, in: "killed", limit: 10, resume: true)
        #expect(try run.log("killed") == [1, 3, 6, 9, 10])
        try early.write(to: URL(fileURLWithPath: "\(folder)/last.safetensors"))
        // A line that was being written when the power went.
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/log.jsonl"))
        try log.seekToEnd()
        try log.write(contentsOf: Data("{\"iteration\": 1".utf8))
        try log.close()
        try run.train(recipe, in: "killed", resume: true)
        expectSame(try run.checkpoint("killed"), try run.checkpoint("whole"))
        #expect(try run.log("killed") == [1, 3, 6, 9, 10, 12])
        #expect(try run.log("whole") == [1, 3, 6, 9, 10, 12])
    }

    @Test func aDamagedLineOfTheLogCostsNoOther() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 3)
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(run.folder("run"))/log.jsonl"))
        try log.seekToEnd()
        // No UTF-8.
        try log.write(contentsOf: Data([0xFF, 0xFE, 0x0A]))
        try log.close()
        try run.train(run.recipe(), in: "run", limit: 6, resume: true)
        #expect(try run.log("run") == [1, 3, 6])
    }

    @Test func checkpointsByTimeAreResumedToo() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe()
        try run.train(recipe, in: "whole")
        // A checkpoint after every iteration.
        try run.train(recipe, in: "timed", limit: 5, checkpointInterval: 0)
        try run.train(recipe, in: "timed", resume: true, checkpointInterval: 0)
        expectSame(try run.checkpoint("timed"), try run.checkpoint("whole"))
    }

    /// The log's running mean belongs to the state as well.
    @Test func theRunningMeanOfTheLossGoesOn() throws {
        let run = try TrainingRun()
        let whole = try run.train(run.recipe(), in: "whole").map(\.meanLoss)
        try run.train(run.recipe(), in: "cut", limit: 5)
        #expect(try run.train(run.recipe(), in: "cut", resume: true).map(\.meanLoss) == Array(whole[5...]))
    }

    /// As after a kill between the two, or where a run was moved without its last checkpoint.
    @Test func theBestStandsInForAMissingLast() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "whole")
        try run.train(run.recipe(), in: "run", limit: 7)
        try FileManager.default.removeItem(atPath: "\(run.folder("run"))/last.safetensors")
        let reports = try run.train(run.recipe(), in: "run", resume: true)
        // After the first epoch or the second.
        #expect([4, 7].contains(reports[0].iteration))
        expectSame(try run.checkpoint("run"), try run.checkpoint("whole"))
        expectSame(try run.checkpoint("run", file: "best"), try run.checkpoint("whole", file: "best"))
        #expect(try run.log("run") == run.log("whole"))
    }

    /// Fails if a run that was kept as its epochs' checkpoints begins anew, over them and its log. The latest is that of the
    /// greatest number, not of the last name.
    @Test func theLatestEpochStandsInForMissingLastAndBest() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe("epoch_save: 1\niterations_per_epoch: 1", epochs: 12, validation: false)
        try run.train(recipe, in: "whole")
        try run.train(recipe, in: "run", limit: 10)
        try FileManager.default.removeItem(atPath: "\(run.folder("run"))/last.safetensors")
        #expect(throws: TrainerError.folderInUse(run.folder("run"))) { try run.train(recipe, in: "run") }
        #expect(try run.train(recipe, in: "run", resume: true).map(\.iteration) == [11, 12])
        expectSame(try run.checkpoint("run"), try run.checkpoint("whole"))
        #expect(try run.log("run") == run.log("whole"))
    }

    @Test func theRecipesResumeBeginsFromThatFile() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "whole")
        try run.train(run.recipe(), in: "first", limit: 6)
        let recipe = try run.recipe("resume: \(run.folder("first"))/last.safetensors")
        try run.train(recipe, in: "second")
        let (actual, expected) = (try run.checkpoint("second"), try run.checkpoint("whole"))
        for name in expected.names { #expect(actual[name] == expected[name], "\(name)") }
    }

    /// The best of another folder does not keep a run from having a best of its own.
    @Test func aRunThatBeganElsewhereHasABestOfItsOwn() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "first", limit: 6)
        let path = "\(run.folder("first"))/last.safetensors"
        var file = try SafetensorsFile(readingFrom: path)
        file.metadata["training.state"] = file.metadata["training.state"]?
            .replacing(/"best_psnr": [0-9.]+/, with: "\"best_psnr\": 99.5")
        try #require(file.metadata["training.state"]?.contains("99.5") == true)
        try file.write(to: path)
        try run.train(run.recipe("resume: \(path)"), in: "second")
        #expect(FileManager.default.fileExists(atPath: "\(run.folder("second"))/best.safetensors"))
        // In its own folder it counts, unless other pictures are measured; where they lie is the same to it.
        try run.train(run.recipe(), in: "first", limit: 9, resume: true)
        #expect(try run.checkpoint("first", file: "last").metadata["training.state"]!.contains("99.5"))
        var recipe = try run.recipe()
        recipe.validationData?.cache = .none
        try run.train(recipe, in: "first", limit: 10, resume: true)
        #expect(try run.checkpoint("first", file: "last").metadata["training.state"]!.contains("99.5"))
        recipe.validationData?.firstCount = 2
        try run.train(recipe, in: "first", resume: true)
        #expect(try !run.checkpoint("first", file: "last").metadata["training.state"]!.contains("99.5"))
    }

    @Test func whatDecidesTheWeightsCannotChange() throws {
        let run = try TrainingRun()
        try run.train(run.recipe("multi_step_lr: {milestones: [1], gamma: 0.5}"), in: "run", limit: 5)
        var recipe = try run.recipe("multi_step_lr: {milestones: [1], gamma: 0.5}")
        recipe.trainingData.batchSize = 2
        let error = #expect(throws: CheckpointError.self) { try run.train(recipe, in: "run", resume: true) }
        #expect(error?.description.contains("it was trained with train_dataset") == true)
        // More pictures are no other setting, but milestones lie elsewhere with them.
        recipe.trainingData.batchSize = 4
        for i in 4..<8 {
            try run.pictures.add(Image<UInt8>(width: 24, height: 20, channels: 3), as: "data-\(i).png")
        }
        #expect(
            throws: CheckpointError.otherRates(
                file: "\(run.folder("run"))/last.safetensors", iteration: 4, found: 5e-4, expected: 1e-3)
        ) { try run.train(recipe, in: "run", resume: true) }
    }

    @Test func aRunThatIsPastItsEndSaysSo() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run")
        #expect(throws: TrainerError.pastTheEnd(iteration: 12, end: 9)) {
            try run.train(run.recipe(epochs: 3), in: "run", resume: true)
        }
    }

    @Test func resumingWithNothingToResumeBegins() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "new", limit: 4, resume: true)
        try run.train(run.recipe(), in: "plain", limit: 4)
        expectSame(try run.checkpoint("new"), try run.checkpoint("plain"))
    }

    @Test func aFinishedRunStaysAsItIs() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "done")
        let before = try run.checkpoint("done")
        #expect(try run.train(run.recipe(), in: "done", resume: true).isEmpty)
        expectSame(try run.checkpoint("done"), before)
    }

    @Test func theCheckpointIsAModelOfTheAveragedWeights() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(TrainingRun.everything), in: "run")
        let model = try LIIFModel(contentsOf: "\(run.folder("run"))/last.safetensors")
        #expect(try model.configuration == ModelConfiguration(run.recipe().modelSection))
        let file = try run.checkpoint("run")
        let raw = try #require(file["training.parameters"]).values
        let averaged = model.parameters.array(model.parameterCount)
        #expect(raw.count == averaged.count && raw != averaged)
        let picture = try #require(try? Data(contentsOf: URL(fileURLWithPath: "\(run.root)/data-0.png")))
        #expect(!picture.isEmpty)
    }
}
