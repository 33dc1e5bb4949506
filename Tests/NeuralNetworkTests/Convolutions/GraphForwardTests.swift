import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// Graphs run by `GraphPass` against the naive convolution, node by node.
@Suite struct GraphForwardTests {
    /// output = shuffle?(rectifier?(residual + scale·(concatenation ∗ weights + bias)))
    func reference(
        _ graph: ConvolutionGraph, _ input: [Float], _ parameters: [Float], height: Int, width: Int
    ) -> [Float] {
        var values = [input]
        for node in graph.nodes {
            let (height, width) = (height * graph.scale(of: node), width * graph.scale(of: node))
            var sum = [Float](repeating: 0, count: height * width * node.outputChannels)
            for (t, term) in node.terms.enumerated() {
                let channels = graph.channels[term.value.index]
                let convolution = ReferenceConvolution(
                    height: height, width: width, inputChannels: channels,
                    outputChannels: node.outputChannels,
                    kernel: node.kernel)
                let area = channels * node.kernel * node.kernel
                let weights = (0..<node.outputChannels).flatMap {
                    parameters[(term.weights.offset + $0 * term.weights.rowStride)...].prefix(area)
                }
                let bias = Array(parameters[node.bias...].prefix(node.outputChannels))
                sum = convolution.forward(
                    values[term.value.index], weights: weights, bias: t == 0 ? bias : nil, initial: sum)
            }
            for i in sum.indices {
                let value = sum[i] * node.scale + (node.residual.map { values[$0.index][i] } ?? 0)
                sum[i] = node.rectified ? max(0, value) : value
            }
            if let shuffle = node.shuffle { sum = shuffled(sum, shuffle, height: height, width: width) }
            values.append(sum)
        }
        return values.last!
    }

    /// out[c, h·r + i, w·r + j] = in[c·r² + i·r + j, h, w]
    func shuffled(_ values: [Float], _ shuffle: PixelShuffle, height: Int, width: Int) -> [Float] {
        let (r, channels) = (shuffle.factor, shuffle.channels)
        var result = values
        for y in 0..<(height * r) {
            for x in 0..<(width * r) {
                for c in 0..<channels {
                    let source = c * r * r + (y % r) * r + x % r
                    result[(y * width * r + x) * channels + c] =
                        values[(y / r * width + x / r) * channels * r * r + source]
                }
            }
        }
        return result
    }

    @Test(arguments: GraphCase.all, [(5, 4), (1, 1), (1, 7)])
    func outputEqualsTheNaiveConvolutions(_ test: GraphCase, extent: (Int, Int)) throws {
        for precision in Precision.supported {
            let runner = try GraphRunner(test.graph, height: extent.0, width: extent.1, precision: precision)
            let expected = reference(
                test.graph, runner.input(0), runner.parameters, height: extent.0, width: extent.1)
            // BF16: a few layers, each with roundings of 2⁻⁹ of values of order 1.
            assertClose(
                actual: try runner.output(runner.input(0), parameters: runner.parameters), expected: expected,
                absolute: precision == .float32 ? 2e-6 : 2e-2, "\(precision)")
        }
    }

    @Test func aPassForgetsThePassBefore() throws {
        let runner = try GraphRunner(GraphCase.all[3].graph)
        let first = try runner.output(runner.input(0), parameters: runner.parameters)
        _ = try runner.output(runner.input(1), parameters: runner.parameters.map { -$0 })
        #expect(try runner.output(runner.input(0), parameters: runner.parameters) == first)
    }

    @Test func costsOfAResidualNetwork() {
        let graph = GraphCase.all[3].graph
        #expect(graph.multiplyAddsPerPosition == (3 * 6 + 5 * 6 * 6) * 9)
        #expect(graph.parameters.count == (3 * 6 + 5 * 6 * 6) * 9 + 6 * 6)
    }
}
