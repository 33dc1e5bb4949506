import Files
import Foundation
import Imaging
import LIIF
import LIIFTraining
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct TrainerTests {
    func weights(_ run: TrainingRun, _ name: String) throws -> [Float] {
        try #require(try run.checkpoint(name)["training.parameters"]).values
    }

    /// A model of every kind as a recipe says it.
    struct Kind: Sendable, CustomTestStringConvertible {
        let model: String
        var inputSize = 8
        /// The scales that it learns from.
        var scales = "scale_max: 2"
        /// What at most is left of the loss.
        var rest = 0.7
        var testDescription: String { model }

        static let edsr = "name: edsr, args: {n_resblocks: 1, n_feats: 8, res_scale: 1, "
        static let rdn = "name: rdn, args: {D: 2, C: 2, G: 6, G0: 8, "
        static let mlp = "imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: [16, 16]}}"

        static let all: [Kind] = [
            Kind(model: "{name: liif, args: {encoder_spec: {\(edsr)no_upsampling: true}}, \(mlp)}}"),
            Kind(model: "{name: liif, args: {encoder_spec: {\(rdn)no_upsampling: true}}, \(mlp)}}"),
            Kind(model: "{name: metasr, args: {encoder_spec: {\(edsr)no_upsampling: true}}}}"),
            Kind(model: "{name: metasr, args: {encoder_spec: {\(rdn)no_upsampling: true}}}}"),
            // As the release writes an up-sampling module, and as its encoder alone.
            Kind(model: "{name: liif, args: {encoder_spec: {\(edsr)scale: 2}}}}", scales: "scale_min: 2"),
            Kind(model: "{\(edsr)scale: 3}}", inputSize: 6, scales: "scale_min: 3"),
            Kind(model: "{\(edsr)scale: 4}}", inputSize: 5, scales: "scale_min: 4"),
            Kind(model: "{\(edsr)scale: 8}}", inputSize: 2, scales: "scale_min: 8", rest: 0.9),
            Kind(model: "{\(rdn)scale: 2}}", scales: "scale_min: 2"),
            Kind(model: "{\(rdn)scale: 3}}", inputSize: 6, scales: "scale_min: 3"),
            Kind(model: "{\(rdn)scale: 4}}", inputSize: 5, scales: "scale_min: 4"),
        ]
    }

    @Test(arguments: Kind.all) func theLossFallsInThirtySteps(_ kind: Kind) throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(
            rate: "3.e-3", epochs: 10, model: kind.model, inputSize: kind.inputSize, scales: kind.scales)
        let reports = try run.train(recipe, in: "run")
        #expect(reports.map(\.iteration) == Array(1...30))
        #expect(reports.map(\.epoch) == (0..<30).map { $0 / 3 + 1 })
        func mean(_ range: Range<Int>) -> Double {
            reports[range].reduce(0) { $0 + $1.loss } / Double(range.count)
        }
        #expect(mean(25..<30) < kind.rest * mean(0..<5), "\(mean(0..<5)) to \(mean(25..<30))")
        let last = try #require(reports.last)
        // Every epoch is validated.
        #expect(last.psnr != nil && last.bestPSNR! >= last.psnr! - 1e-9)
        #expect(last.psnr! > reports[2].psnr! + 1)
        #expect(last.iterationCount == 30 && last.secondsLeft == 0)
        // One iteration tells no speed.
        #expect(reports[0].secondsLeft == .infinity && reports[1].secondsLeft.isFinite)
        // What it wrote is a model that shows pictures.
        let model = try LIIFModel(contentsOf: "\(run.folder("run"))/model.safetensors")
        let scale = model.configuration.fixedScale ?? 3
        let picture = FloatImage(
            height: 4, width: 5, channels: 3, values: [Float](repeating: 0.5, count: 60))
        #expect(try model.encode(picture).rendered(height: 4 * scale, width: 5 * scale).width == 5 * scale)
    }

    @Test func anUpsamplingModuleOnOtherScalesIsExplained() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(model: "{\(Kind.edsr)scale: 3}}")
        let error = #expect(throws: TrainerError.self) { try run.train(recipe, in: "run") }
        #expect(error?.description.contains("expected `scale_min: 3` without scale_max") == true)
    }

    @Test func equalSeedsGiveEqualWeightsAndOthersOthers() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(seed: 1), in: "a", limit: 4)
        try run.train(run.recipe(seed: 1), in: "b", limit: 4)
        try run.train(run.recipe(seed: 2), in: "c", limit: 4)
        #expect(try weights(run, "a") == weights(run, "b"))
        #expect(try weights(run, "a") != weights(run, "c"))
    }

    @Test func validationDoesNotChangeTheTraining() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(TrainingRun.everything), in: "a")
        try run.train(run.recipe(TrainingRun.everything, validation: false), in: "b")
        #expect(try weights(run, "a") == weights(run, "b"))
    }

    /// A run begun at a constant rate without a known end equals the run that had its cosine from the beginning.
    @Test(arguments: [
        "schedule: {hold: 4, cosine: true}", "schedule: {hold: 7, cosine: true, floor: 0.1}",
        "multi_step_lr: {milestones: [2, 3], gamma: 0.5}",
    ]) func theRatesToComeMayChange(_ extra: String) throws {
        let run = try TrainingRun()
        try run.train(run.recipe(extra), in: "known")
        try run.train(run.recipe(epochs: 100), in: "begun", limit: 4)
        try run.train(run.recipe(extra), in: "begun", resume: true)
        #expect(try weights(run, "begun") == weights(run, "known"))
        #expect(try run.checkpoint("begun").metadata == run.checkpoint("known").metadata)
    }

    @Test func whatDoesNotDecideTheWeightsMayChange() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 2)
        try run.train(
            run.recipe("epoch_save: 2\neval_bsize: 100", validation: false), in: "run", resume: true)
        #expect(FileManager.default.fileExists(atPath: "\(run.folder("run"))/epoch-2.safetensors"))
        #expect(FileManager.default.fileExists(atPath: "\(run.folder("run"))/epoch-4.safetensors"))
        #expect(!FileManager.default.fileExists(atPath: "\(run.folder("run"))/epoch-3.safetensors"))
    }

    /// What a kill leaves is the old file or the new one, and on some systems a temporary file beside it.
    @Test func aFileLeftByAKilledWriteDoesNoHarm() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "whole")
        try run.train(run.recipe(), in: "run", limit: 4)
        let path = "\(run.folder("run"))/last.safetensors"
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        // Half of the next checkpoint, as AtomicFile writes it.
        #expect(throws: CancellationError.self) {
            try AtomicFile.write(to: path) { file in
                try before.prefix(before.count / 2).withUnsafeBytes { try file.write($0) }
                let meanwhile = try Data(contentsOf: URL(fileURLWithPath: path))
                #expect(meanwhile == before)
                throw CancellationError()
            }
        }
        try before.prefix(100).write(to: URL(fileURLWithPath: "\(run.folder("run"))/.liif-killed.partial"))
        try run.train(run.recipe(), in: "run", resume: true)
        #expect(try weights(run, "run") == weights(run, "whole"))
    }

    @Test func divergenceStopsTheRunAndKeepsTheCheckpoint() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 3)
        let before = try Data(contentsOf: URL(fileURLWithPath: run.folder("run") + "/last.safetensors"))
        // Only the rates to come are beyond all reason.
        let recipe = try run.recipe("multi_step_lr: {milestones: [1], gamma: 1.e+33}", epochs: 10)
        let error = #expect(throws: TrainerError.self) { try run.train(recipe, in: "run", resume: true) }
        guard case .diverged? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("learning rate") == true)
        // That the same recipe diverges again, and another `lr` or `gradient_clip` is refused, is not kept from the user.
        #expect(error?.description.contains("comes here again, unless `multi_step_lr` or `schedule`") == true)
        #expect(error?.description.contains("would help a new run") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: run.folder("run") + "/last.safetensors")) == before)
    }

    @Test func inputsOfABatchHaveOneSize() throws {
        let run = try TrainingRun()
        try run.pictures.add(Image<UInt8>(width: 30, height: 20, channels: 3), as: "data-4.png")
        var recipe = try run.recipe()
        recipe.validationData?.wrapper = .downsampled(
            inputPatchSize: nil, scale: 2...2, augmentation: AugmentationRecipe(), samplesPerImage: nil)
        let error = #expect(throws: TrainerError.self) { try run.train(recipe, in: "run") }
        #expect(error == .unequalInputs(.init(height: 10, width: 12), .init(height: 10, width: 15)))
        recipe.validationData?.batchSize = 1
        try run.train(recipe, in: "single", limit: 3)
    }
}
