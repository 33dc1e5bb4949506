import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// `optimizer: {name: muon}`. The oracle is PyTorch (Scripts/make-muon-fixture.py).
@Suite struct MuonTrainingTests {
    @Test func threeStepsArePyTorchs() throws {
        let run = try TrainingRun()
        let begun = try LIIFModel(contentsOf: fixture("released-training.pth"))
        let network = begun.network
        let state = try TrainingState(
            network, recipe: run.recipe(optimizer: "muon"),
            initial: InitialWeights(network, from: begun, seed: 1))
        let gradient = AlignedBuffer(floats: network.parameters.count)
        for step in 0..<3 {
            for entry in network.parameters.entries {
                for i in 0..<entry.count {
                    let x = Double(i)
                    gradient.floats[entry.offset + i] = Float(sin(0.37 * x + 0.011 * x * x + Double(step)))
                }
            }
            try state.step(gradient: gradient, rate: 1e-2)
        }
        let expected = try SafetensorsFile(readingFrom: fixture("muon-three-steps.safetensors"))
        #expect(network.parameters.entries.map(\.name).sorted() == expected.names.sorted())
        for entry in network.parameters.entries {
            let values = (0..<entry.count).map { state.parameters.floats[entry.offset + $0] }
            assertClose(
                actual: values, expected: try #require(expected[entry.name]).values, absolute: 2e-6,
                "\(entry.name)")
        }
    }

    /// Its running means are in the checkpoint, too.
    @Test func anInterruptedRunEqualsAWholeOne() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(TrainingRun.everything, optimizer: "muon")
        try run.train(recipe, in: "whole")
        for limit in [2, 7] { try run.train(recipe, in: "broken", limit: limit, resume: true) }
        try run.train(recipe, in: "broken", resume: true)
        #expect(try run.checkpoint("broken") == run.checkpoint("whole"))
    }

    @Test func theLossFallsInThirtySteps() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(rate: "3.e-3", epochs: 10, optimizer: "muon")
        let losses = try run.train(recipe, in: "run").map(\.loss)
        let (first, last) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
        #expect(last < 0.8 * first)
    }

    @Test func anotherOptimizersCheckpointIsRefused() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        let error = #expect(throws: CheckpointError.self) {
            try run.train(run.recipe(optimizer: "muon"), in: "run", resume: true)
        }
        #expect(error?.description.contains("it was trained with optimizer ") == true)
    }
}
