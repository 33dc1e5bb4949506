import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// A run whose numbers are no longer finite ends before it writes a checkpoint.
@Suite struct DivergenceTests {
    private func expectDivergence(at iteration: Int, _ body: () throws -> Void) {
        let error = #expect(throws: TrainerError.self) { try body() }
        guard case .diverged(iteration, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// The rate is infinite in single precision: loss and gradient are finite, the weights are not.
    @Test func weightsThatAreNotFiniteReachNoCheckpoint() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 3)
        let before = try run.checkpoint("run")
        let recipe = try run.recipe("multi_step_lr: {milestones: [1], gamma: 1.e+42}")
        expectDivergence(at: 3) { try run.train(recipe, in: "run", limit: 4, resume: true) }
        #expect(try run.checkpoint("run") == before)
    }

    /// Weights that cancel each other on the way forward and multiply on the way back.
    @Test func aGradientThatIsNotFiniteStopsTheRun() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe()
        try run.train(recipe, in: "run", limit: 3)
        let network = LIIFNetwork(try ModelConfiguration(recipe.modelSection))
        var file = try run.checkpoint("run")
        var values = try #require(file["training.parameters"]).values
        let factors: [String: Float] = [
            "imnet.layers.0.weight": 1e-30, "imnet.layers.0.bias": 1e-30, "imnet.layers.2.weight": 1e23,
            "imnet.layers.2.bias": 0, "imnet.layers.4.weight": 1e23, "imnet.layers.4.bias": 0,
        ]
        for entry in network.parameters.entries {
            guard let factor = factors[entry.name] else { continue }
            for i in 0..<entry.count { values[entry.offset + i] *= factor }
        }
        file["training.parameters"] = Tensor(shape: [values.count], values: values)
        try file.write(to: "\(run.folder("run"))/last.safetensors")

        let samples = try recipe.trainingData.open()
        let batch = try (0..<4).map { try samples.sample(index: $0, epoch: 2, seed: 1) }
        let engine = BatchGradient(network, precision: .float32)
        #expect(try engine(batch, parameters: AlignedBuffer(values)).isFinite)
        #expect(!clipGradient(engine.gradient, count: values.count, limit: .infinity).isFinite)

        var reports = 0
        let trainer = try Trainer(recipe, folder: run.folder("run"), resume: true)
        expectDivergence(at: 3) { try trainer.run(limit: 4) { _ in reports += 1 } }
        #expect(reports == 0)
        #expect(try run.checkpoint("run") == file)
    }

    @Test(arguments: [Float.nan, .infinity], [1, Double.infinity])
    func clippingTellsOfWhatIsNotFinite(_ value: Float, limit: Double) {
        #expect(!clipGradient(AlignedBuffer([3, value, 4]), count: 3, limit: limit).isFinite)
    }
}
