import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// What a recipe says is what is done. The oracles put the parts of a training together by hand.
extension TrainerTests {
    /// Adam's constants and the normalisation in every case; ε is so large that the gradient's length matters.
    @Test(arguments: ["", "loss: l2", "gradient_clip: 0.01", "schedule: {warmup: 3}"])
    func theWeightsAreThoseOfTheRecipesSettings(_ extra: String) throws {
        let run = try TrainingRun()
        var recipe = try run.recipe(
            extra, rate: "1.e-3, betas: [0.5, 0.8], eps: 0.1", epochs: 1, validation: false)
        let normalization = PixelNormalization(
            input: .init(subtract: [0.4, 0.5, 0.6], divide: [0.5]),
            truth: .init(subtract: [0], divide: [0.5, 1, 2]))
        recipe.normalization = normalization
        try run.train(recipe, in: "run")

        let network = LIIFNetwork(try ModelConfiguration(recipe.modelSection))
        let count = network.parameters.count
        let engine = BatchGradient(network, precision: .float32)
        engine.normalization = normalization
        engine.loss = extra == "loss: l2" ? .l2 : .l1
        var settings = Adam.Settings()
        settings.beta1 = 0.5
        settings.beta2 = 0.8
        settings.epsilon = 0.1
        let adam = Adam(count: count, settings: settings)
        let parameters = AlignedBuffer(InitialWeights(network, seed: 1).values)
        let samples = try recipe.trainingData.open()
        let order = EpochOrder(count: 12, epoch: 1, seed: 1)
        for iteration in 0..<3 {
            let batch = try order.batch(iteration, size: 4).map {
                try samples.sample(index: $0, epoch: 1, seed: 1)
            }
            _ = try engine(batch, parameters: parameters)
            let limit = extra.hasPrefix("gradient_clip") ? 0.01 : Double.infinity
            let norm = clipGradient(engine.gradient, count: count, limit: limit)
            #expect(norm > 0.01)
            let rate = extra.hasPrefix("schedule") ? 1e-3 * Double(iteration + 1) / 3 : 1e-3
            adam.step(parameters, gradient: engine.gradient, rate: rate)
            try engine.refresh(from: parameters)
        }
        #expect(try weights(run, "run") == parameters.array(count))
    }

    /// Two iterations of warm-up, then half a cosine that would come to its floor with a seventh iteration.
    @Test func theRatesAreTheSchedules() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(
            "schedule: {warmup: 2, cosine: true, floor: 0.1}", epochs: 2, validation: false)
        let rates = try run.train(recipe, in: "run").map(\.learningRate)
        let root = 0.5.squareRoot()
        let (high, low) = (0.1 + 0.45 * (1 + root), 0.1 + 0.45 * (1 - root))
        let expected: [Double] = [0.5, 1, 1, high, 0.55, low]
        try #require(rates.count == expected.count)
        for (rate, share) in zip(rates, expected) { #expect(abs(rate - 1e-3 * share) < 1e-12) }
    }

    /// The average is measured after every third epoch and after the last: the mean of the batches' PSNR, in which the
    /// last and smaller batch counts by its samples.
    @Test func validationIsOfTheAverageEveryFewEpochs() throws {
        let run = try TrainingRun()
        var recipe = try run.recipe("ema: 0.9", rate: "3.e-3")
        recipe.epochsPerValidation = 3
        recipe.validationData?.batchSize = 5
        let reports = try run.train(recipe, in: "run")
        try #require(reports.count == 12)
        #expect(reports.prefix(8).allSatisfy { $0.psnr == nil })
        let (third, last) = (try #require(reports[8].psnr), try #require(reports[11].psnr))
        #expect(reports[9].psnr == third && reports[10].psnr == third && last != third)
        #expect(reports[10].bestPSNR == third && reports[11].bestPSNR == max(third, last))
        let log = try TrainingCurve(log: "\(run.folder("run"))/log.jsonl")
        #expect(log.validations.map(\.iteration) == [9, 12])

        let model = try LIIFModel(contentsOf: "\(run.folder("run"))/model.safetensors")
        let set = try #require(recipe.validationData).open()
        let samples = try (0..<12).map { try set.sample(index: $0, epoch: 0, seed: 1) }
        let engine = BatchGradient(model.network, precision: .float32)
        func psnr(_ parameters: AlignedBuffer) throws -> Double {
            try engine.refresh(from: parameters)
            let errors = try engine.squaredErrors(samples, parameters: parameters)
            let parts = [0..<5, 5..<10, 10..<12].map { batch -> Double in
                let mean = errors[batch].reduce(0, +) / Double(batch.count)
                return -10 * log10(mean) * Double(batch.count)
            }
            return parts.reduce(0, +) / 12
        }
        let ofTheAverage = try psnr(model.parameters)
        #expect(abs(last - ofTheAverage) < 1e-9)
        // The weights themselves have moved on.
        let ofTheWeights = try psnr(AlignedBuffer(weights(run, "run")))
        #expect(abs(last - ofTheWeights) > 1e-6)
    }
}
