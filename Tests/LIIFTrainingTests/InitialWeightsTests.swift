import Foundation
import Imaging
import LIIF
import LIIFTraining
import NeuralNetwork
import Tensors
import TestSupport
import Testing

@Suite struct InitialWeightsTests {
    private func model(blocks: Int, hidden: String = "[16, 16]") -> String {
        """
        {name: liif, args: {encoder_spec: {name: edsr, args: {n_resblocks: \(blocks), n_feats: 8, res_scale: 1, \
        no_upsampling: true}}, imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: \(hidden)}}}}
        """
    }

    private func network(_ run: TrainingRun, _ model: String) throws -> LIIFNetwork {
        try LIIFNetwork(ModelConfiguration(run.recipe(model: model).modelSection))
    }

    /// A trained model of two blocks and its file.
    private func trained(_ run: TrainingRun) throws -> (model: LIIFModel, path: String) {
        try run.train(run.recipe(rate: "3.e-3", epochs: 2, model: model(blocks: 2)), in: "first")
        let path = "\(run.folder("first"))/model.safetensors"
        return (try LIIFModel(contentsOf: path), path)
    }

    @Test func aDeeperEncoderBeginsAsTheSameFunction() throws {
        let run = try TrainingRun()
        let (first, path) = try trained(run)
        let recipe = try run.recipe(
            "initial_weights: \(path)", rate: "1.e-12", epochs: 1, model: model(blocks: 5))
        try run.train(recipe, in: "deeper")
        let deeper = try LIIFModel(contentsOf: "\(run.folder("deeper"))/model.safetensors")
        #expect(deeper.parameterCount > first.parameterCount)
        #expect(deeper.origin["begun with"] == path)
        let picture = FloatImage(
            height: 7, width: 6, channels: 3, values: (0..<126).map { Float($0 * 37 % 101) / 100 })
        let expected = try first.encode(picture, precision: .float32).rendered(height: 15, width: 13)
        let found = try deeper.encode(picture, precision: .float32).rendered(height: 15, width: 13)
        // A rate of 1e-12 moves nothing that float32 shows.
        let worst = zip(expected.values, found.values).map { abs($0 - $1) }.max()!
        #expect(worst < 1e-5, "\(worst)")
        // It is no constant that is compared.
        #expect(expected.values.max()! - expected.values.min()! > 0.05)
    }

    @Test func whatFitsIsTakenAndTheRestIsDrawn() throws {
        let run = try TrainingRun()
        let (first, _) = try trained(run)
        let network = try network(run, model(blocks: 2, hidden: "[16, 24]"))
        let initial = InitialWeights(network, from: first, seed: 7)
        let drawn = InitialWeights(network, seed: 7)
        #expect(initial.total == drawn.total && drawn.taken == 0)
        for entry in network.parameters.entries {
            let place = entry.offset..<(entry.offset + entry.count)
            let fits = first.layout.entries.first { $0.name == entry.name && $0.shape == entry.shape }
            let expected = fits.map { first.values(of: $0).values } ?? Array(drawn.values[place])
            #expect(Array(initial.values[place]) == expected, "\(entry.name)")
        }
        // The second hidden layer and what reads it: two weights and one bias, for the last bias has the same shape.
        #expect(initial.taken == initial.total - 3)
    }

    @Test func aModelWithNothingInCommonIsRefused() throws {
        let run = try TrainingRun()
        let (_, path) = try trained(run)
        let other = "{name: rdn, args: {D: 2, C: 2, G: 6, G0: 12, scale: 2}}"
        let recipe = try run.recipe("initial_weights: \(path)", model: other, scales: "scale_min: 2")
        #expect(throws: TrainerError.nothingInCommon(path)) { try run.train(recipe, in: "other") }
    }

    @Test func aMissingModelIsNamedAndAResumedRunNeedsItNoMore() throws {
        let run = try TrainingRun()
        let (_, path) = try trained(run)
        let recipe = try run.recipe("initial_weights: \(path)", model: model(blocks: 2))
        try run.train(recipe, in: "second", limit: 2)
        try FileManager.default.removeItem(atPath: path)
        try run.train(recipe, in: "second", limit: 4, resume: true)
        let error = #expect(throws: (any Error).self) { try run.train(recipe, in: "third") }
        #expect("\(error!)".contains(path))
    }
}
