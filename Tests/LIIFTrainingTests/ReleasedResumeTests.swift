import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import RecipeFormat
import TensorFiles
import Tensors
import TestSupport
import Testing

/// `resume: x.pth`: a run of the released code is gone on with. The oracle is PyTorch (Scripts/make-resume-fixture.py).
@Suite struct ReleasedResumeTests {
    private static let specification = """
        {name: liif, args: {encoder_spec: {name: edsr-baseline, args: {no_upsampling: true, n_resblocks: 1, n_feats: 8}}, \
        imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: [16]}}}}
        """

    private func state(_ recipe: TrainingRecipe) throws -> TrainingState {
        let network = try LIIFNetwork(ModelConfiguration(recipe.modelSection))
        return try TrainingState(network, recipe: recipe, initial: InitialWeights(network, seed: 1))
    }

    /// Fails if a moment, a weight or the count of steps is not the file's, or lands at another parameter; and where
    /// `DataParallel` has put `module.` before the names.
    @Test(arguments: ["", "module."]) func theNextStepIsPyTorchs(wrapper: String) throws {
        let run = try TrainingRun()
        let state = try state(run.recipe(model: Self.specification))
        var checkpoint = try #require(TorchCheckpoint.read(fixture("released-training.pth")).dictionary)
        var model = try #require(checkpoint[.string("model")]?.dictionary)
        var wrapped = PickleDictionary()
        for case (.string(let name), let value) in try #require(model[.string("sd")]?.dictionary).entries {
            wrapped[.string(wrapper + name)] = value
        }
        model[.string("sd")] = .dictionary(wrapped)
        checkpoint[.string("model")] = .dictionary(model)
        try state.restore(released: .dictionary(checkpoint), named: "a.pth", iterationsPerEpoch: 3)
        #expect(state.adam.stepCount == 3 && state.iteration == 3)
        let layout = state.network.parameters
        let gradient = AlignedBuffer(floats: layout.count)
        for entry in layout.entries {
            for i in 0..<entry.count { gradient.floats[entry.offset + i] = Float(sin(0.37 * Double(i) + 3)) }
        }
        state.adam.step(state.parameters, gradient: gradient, rate: 1e-3)
        let expected = try SafetensorsFile(readingFrom: fixture("released-training-next.safetensors"))
        #expect(layout.entries.map(\.name).sorted() == expected.names.sorted())
        for entry in layout.entries {
            let values = (0..<entry.count).map { state.parameters.floats[entry.offset + $0] }
            assertClose(
                actual: values, expected: try #require(expected[entry.name]).values, absolute: 1e-7)
        }
    }

    /// A recipe with `resume: x.pth` trains on from the file's epoch to its own end.
    @Test func aRecipeGoesOnFromIt() throws {
        let run = try TrainingRun()
        let path = try fixture("released-training.pth")
        let recipe = try run.recipe("resume: \(path)", model: Self.specification)
        try run.train(recipe, in: "on")
        // One epoch of three iterations was done.
        let log = try run.log("on")
        #expect(log.first! > 3 && log.last! == 12)
    }

    /// As of a checkpoint of `liif train`.
    @Test func anotherOptimizerIsRefused() throws {
        let run = try TrainingRun()
        let state = try state(run.recipe(model: Self.specification, optimizer: "muon"))
        let checkpoint = try TorchCheckpoint.read(fixture("released-training.pth"))
        #expect(
            throws: CheckpointError.otherRecipe(
                file: "a.pth", setting: "optimizer", found: "adam", expected: "muon")
        ) {
            try state.restore(released: checkpoint, named: "a.pth", iterationsPerEpoch: 3)
        }
        #expect(state.iteration == 0)
    }

    @Test func aModelAloneIsRefused() throws {
        let run = try TrainingRun()
        let state = try state(run.recipe(model: Self.specification))
        var dictionary = try #require(TorchCheckpoint.read(fixture("released-training.pth")).dictionary)
        dictionary[.string("optimizer")] = nil
        let checkpoint = PickleValue.dictionary(dictionary)
        #expect(throws: CheckpointError.noTrainingState(file: "a.pth", missing: "optimizer.sd")) {
            try state.restore(released: checkpoint, named: "a.pth", iterationsPerEpoch: 3)
        }
        let other = try self.state(run.recipe())
        #expect(throws: CheckpointError.self) {
            try other.restore(released: checkpoint, named: "a.pth", iterationsPerEpoch: 3)
        }
    }
}
