import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// `GraphPass.backward` against central differences of the float32 network; the loss ∑ r·output is summed in
/// double. Networks of convolutions and rectifiers are piecewise linear in each parameter.
@Suite struct GraphGradientTests {
    @Test(arguments: GraphCase.all) func gradientEqualsCentralDifferences(_ test: GraphCase) throws {
        let runner = try GraphRunner(test.graph)
        let parameters = runner.parameters
        let gradient = try runner.gradient([0], parameters: parameters)
        #expect(gradient.contains { abs($0) > 0.1 })
        try checkGradient(
            of: { try runner.loss(0, parameters: $0) }, at: parameters, expected: gradient,
            indices: sampledIndices(200, of: parameters.count), step: 1e-2, absolute: 1e-3, relative: 1e-3,
            bend: 1e-5)
    }

    @Test(arguments: GraphCase.all) func extentsOfOnePixelHaveGradients(_ test: GraphCase) throws {
        let runner = try GraphRunner(test.graph, height: 1, width: 1)
        let parameters = runner.parameters
        let gradient = try runner.gradient([0], parameters: parameters)
        try checkGradient(
            of: { try runner.loss(0, parameters: $0) }, at: parameters, expected: gradient,
            indices: sampledIndices(100, of: parameters.count), step: 1e-2, absolute: 1e-3, relative: 1e-3,
            bend: 1e-5)
    }

    @Test(.enabled(if: OneDNN.supportsBFloat16, "needs BF16 in hardware"), arguments: GraphCase.all)
    func bfloat16GradientPointsTheSameWay(_ test: GraphCase) throws {
        let exact = try GraphRunner(test.graph)
        let narrow = try GraphRunner(test.graph, precision: .bfloat16)
        let expected = try exact.gradient([0, 1], parameters: exact.parameters)
        let actual = try narrow.gradient([0, 1], parameters: exact.parameters)
        func norm(_ values: [Float]) -> Double {
            values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
        // Some rectifiers open or close by rounding: the whole gradient stays within 8 %.
        #expect(norm(zip(actual, expected).map { $0 - $1 }) < 0.08 * norm(expected))
    }

    @Test func placesOfOtherLayersAreLeftAlone() throws {
        let test = try #require(GraphCase.all.last)
        let runner = try GraphRunner(test.graph)
        let gradient = try runner.gradient([0], parameters: runner.parameters, filler: 123)
        let linear = try #require(test.graph.parameters.entries.first { $0.name == "linear.weight" })
        for row in 0..<6 {
            for column in 0..<39 {
                #expect((gradient[linear.offset + row * 39 + column] == 123) == (column >= 36))
            }
        }
    }

    @Test func aValueThatNobodyReadsHasNoGradient() throws {
        let test = GraphCase("unread") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4)
            _ = $0.convolution("unread", of: [a], outputChannels: 4)
            _ = $0.convolution("b", of: [a], outputChannels: 2)
        }
        let runner = try GraphRunner(test.graph)
        let first = try runner.gradient([0], parameters: runner.parameters)
        let unread = test.graph.parameters.entries.filter { $0.name.hasPrefix("unread") }
        for entry in unread {
            #expect(
                first[entry.offset..<(entry.offset + entry.count)].allSatisfy { $0 == 0 }, "\(entry.name)")
        }
        _ = try runner.gradient([1], parameters: runner.parameters)
        #expect(try runner.gradient([0], parameters: runner.parameters) == first)
    }
}
