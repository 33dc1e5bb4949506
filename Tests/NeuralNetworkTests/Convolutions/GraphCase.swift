import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// A small graph for the gradient tests, with the kinds of node that it is about.
struct GraphCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let graph: ConvolutionGraph

    init(_ name: String, inputChannels: Int = 3, _ build: (inout ConvolutionGraph) -> Void) {
        testDescription = name
        var graph = ConvolutionGraph(inputChannels: inputChannels)
        build(&graph)
        self.graph = graph
    }

    static let all: [GraphCase] = [
        GraphCase("plain") { _ = $0.convolution("a", of: [$0.input], outputChannels: 5) },
        GraphCase("1×1") { _ = $0.convolution("a", of: [$0.input], outputChannels: 4, kernel: 1) },
        GraphCase("rectified") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 6, rectified: true)
            _ = $0.convolution("b", of: [a], outputChannels: 2, rectified: true)
        },
        GraphCase("scaled residuals") {
            var x = $0.convolution("head", of: [$0.input], outputChannels: 6)
            let head = x
            for i in 0..<2 {
                let inner = $0.convolution("\(i).inner", of: [x], outputChannels: 6, rectified: true)
                x = $0.convolution("\(i).outer", of: [inner], outputChannels: 6, addedTo: x, scale: 0.3)
            }
            _ = $0.convolution("tail", of: [x], outputChannels: 6, addedTo: head)
        },
        GraphCase("concatenation") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 5, rectified: true)
            let b = $0.convolution("b", of: [$0.input, a], outputChannels: 2, rectified: true)
            _ = $0.convolution("c", of: [a, $0.input, b], outputChannels: 4, scale: 0.5)
        },
        GraphCase("concatenation, 1×1, residual, rectified") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4)
            let b = $0.convolution("b", of: [a], outputChannels: 3, rectified: true)
            let c = $0.convolution(
                "c", of: [a, b], outputChannels: 4, kernel: 1, rectified: true, addedTo: a, scale: 0.7)
            _ = $0.convolution("d", of: [c], outputChannels: 3)
        },
        GraphCase("a value with three readers") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4, rectified: true)
            let b = $0.convolution("b", of: [a], outputChannels: 4)
            let c = $0.convolution("c", of: [a], outputChannels: 4, rectified: true, addedTo: a)
            _ = $0.convolution("d", of: [b, c], outputChannels: 2)
        },
        GraphCase("the input as residual", inputChannels: 5) {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 5, rectified: true, addedTo: $0.input)
            _ = $0.convolution("b", of: [a], outputChannels: 5, addedTo: $0.input, scale: 0.2)
        },
        GraphCase("a pixel shuffle between convolutions") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4, rectified: true)
            let b = $0.upsampling("b", of: a, channels: 3, factor: 2)
            _ = $0.convolution("c", of: [b], outputChannels: 2)
        },
        GraphCase("shuffles by 2 and 3, readers and residuals between them") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4)
            let b = $0.upsampling("b", of: a, channels: 3, factor: 2)
            let c = $0.convolution("c", of: [b], outputChannels: 3, rectified: true, addedTo: b)
            let d = $0.upsampling("d", of: c, channels: 2, factor: 3)
            _ = $0.convolution("e", of: [d], outputChannels: 3)
        },
        GraphCase("a pixel shuffle at the end") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4, rectified: true)
            _ = $0.upsampling("b", of: a, channels: 3, factor: 2)
        },
        // Channels in 16s, which float32 makes in Winograd's tiles.
        GraphCase("in tiles, residuals") {
            let head = $0.convolution("head", of: [$0.input], outputChannels: 16)
            let a = $0.convolution("a", of: [head], outputChannels: 32, rectified: true)
            let b = $0.convolution("b", of: [a], outputChannels: 16, addedTo: head, scale: 0.5)
            _ = $0.convolution("tail", of: [b], outputChannels: 3)
        },
        GraphCase("in tiles, concatenation") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 16)
            let b = $0.convolution("b", of: [a], outputChannels: 16, rectified: true)
            let c = $0.convolution("c", of: [a, b], outputChannels: 16, rectified: true, addedTo: b)
            _ = $0.convolution("d", of: [a, c], outputChannels: 16)
        },
        GraphCase("a slice of a larger tensor's weights") {
            let a = $0.convolution("a", of: [$0.input], outputChannels: 4, rectified: true)
            // A linear layer [6, 4·9 + 3] of whose columns a convolution takes the first 36.
            let weight = $0.parameters.add("linear.weight", shape: [6, 39], fanIn: 39)
            let bias = $0.parameters.add("linear.bias", shape: [6], fanIn: 39)
            _ = $0.convolution(
                of: [a], weights: PlainWeights(offset: weight, rowStride: 39), bias: bias, outputChannels: 6,
                kernel: 3)
        },
    ]
}

/// One pass over a graph with its weights, and random data to run it on.
final class GraphRunner {
    let graph: ConvolutionGraph
    let pass: GraphPass
    let weights: GraphWeights
    let height: Int
    let width: Int

    init(_ graph: ConvolutionGraph, height: Int = 5, width: Int = 4, precision: Precision = .float32) throws {
        self.graph = graph
        self.height = height
        self.width = width
        pass = try GraphPass(graph, height: height, width: width, precision: precision, training: true)
        weights = GraphWeights(pass)
    }

    var parameters: [Float] { graph.parameters.initialValues(seed: 11) }
    var outputCount: Int {
        let scale = graph.scales.last!
        return height * scale * width * scale * graph.channels.last!
    }

    func input(_ sample: Int) -> [Float] {
        randomFloats(height * width * graph.channels[0], seed: UInt64(100 + sample))
    }

    /// r of the loss ∑ r·output.
    func lossWeights(_ sample: Int) -> [Float] { randomFloats(outputCount, seed: UInt64(200 + sample)) }

    func output(_ input: [Float], parameters: [Float]) throws -> [Float] {
        try weights.refresh(from: AlignedBuffer(parameters), passes: [pass])
        pass.forward(input, weights: weights)
        return (0..<outputCount).map { pass.output[$0] }
    }

    func loss(_ sample: Int, parameters: [Float]) throws -> Double {
        zip(try output(input(sample), parameters: parameters), lossWeights(sample))
            .reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// The loss's gradient by `backward`; places that the graph does not own keep `filler`.
    func gradient(_ samples: [Int], parameters: [Float], filler: Float = 0) throws -> [Float] {
        let lane = GraphGradients(pass)
        for sample in samples {
            _ = try output(input(sample), parameters: parameters)
            for (i, r) in lossWeights(sample).enumerated() { pass.outputGradient[i] = r }
            pass.backward(weights: weights, into: lane)
        }
        let flat = AlignedBuffer([Float](repeating: filler, count: graph.parameters.count))
        try GraphPass.reduce([lane], passes: [pass], into: flat)
        return flat.array(graph.parameters.count)
    }
}
