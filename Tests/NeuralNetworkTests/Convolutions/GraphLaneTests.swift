import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// Batches: samples are dealt to lanes, lanes are summed in order.
@Suite struct GraphLaneTests {
    /// The gradient of five samples over three lanes, by any number of workers.
    func laneGradient(_ test: GraphCase, workers: Int) throws -> [Float] {
        let runners = Runners(try (0..<workers).map { _ in try GraphRunner(test.graph) })
        let passes = runners.all.map(\.pass)
        let weights = runners.all[0].weights
        try weights.refresh(from: AlignedBuffer(runners.all[0].parameters), passes: passes)
        let lanes = (0..<3).map { _ in GraphGradients(passes[0]) }
        let flat = AlignedBuffer(floats: test.graph.parameters.count)
        // The second round must not remember the first.
        for _ in 0..<2 {
            try Workers.run(3, workers: workers) { worker, lane in
                let runner = runners.all[worker]
                lanes[lane].clear()
                for sample in stride(from: lane, to: 5, by: 3) {
                    runner.pass.forward(runner.input(sample), weights: weights)
                    for (i, r) in runner.lossWeights(sample).enumerated() {
                        runner.pass.outputGradient[i] = r
                    }
                    runner.pass.backward(weights: weights, into: lanes[lane])
                }
            }
            try GraphPass.reduce(lanes, passes: passes, into: flat)
        }
        return flat.array(test.graph.parameters.count)
    }

    final class Runners: @unchecked Sendable {
        let all: [GraphRunner]
        init(_ all: [GraphRunner]) { self.all = all }
    }

    @Test(arguments: GraphCase.all) func lanesAddUpToTheSumOverSamples(_ test: GraphCase) throws {
        let runner = try GraphRunner(test.graph)
        var sum = [Float](repeating: 0, count: test.graph.parameters.count)
        for sample in 0..<5 {
            sum = zip(sum, try runner.gradient([sample], parameters: runner.parameters)).map { $0 + $1 }
        }
        assertClose(actual: try laneGradient(test, workers: 2), expected: sum, absolute: 2e-5, relative: 1e-5)
    }

    @Test(arguments: GraphCase.all) func theSumIsTheSameBitsForAnyNumberOfWorkers(_ test: GraphCase) throws {
        let one = try laneGradient(test, workers: 1)
        #expect(try laneGradient(test, workers: 2) == one)
        #expect(try laneGradient(test, workers: 3) == one)
    }

    @Test func anEmptyLaneCountsNothing() throws {
        let runner = try GraphRunner(GraphCase.all[3].graph)
        let expected = try runner.gradient([0], parameters: runner.parameters)
        let lanes = (0..<3).map { _ in GraphGradients(runner.pass) }
        _ = try runner.gradient([0], parameters: runner.parameters)
        for lane in lanes {
            for (i, r) in runner.lossWeights(0).enumerated() { runner.pass.outputGradient[i] = r }
            runner.pass.backward(weights: runner.weights, into: lane)
        }
        // They still hold what was added, and are empty all the same.
        lanes[0].clear()
        lanes[2].clear()
        let flat = AlignedBuffer(floats: expected.count)
        try GraphPass.reduce(lanes, passes: [runner.pass], into: flat)
        #expect(flat.array(expected.count) == expected)
    }
}
