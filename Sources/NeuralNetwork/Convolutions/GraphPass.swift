import CTensorKernels
package import Tensors

/// A graph over one whole sample: forward, and backward beside it. One per worker, used by one at a time.
///
/// Maps are channels-last. Under BF16 a value that is summed over many layers, or leaves the graph, is
/// kept in float32 with a BF16 copy for the convolutions that read it; every other value is BF16.
package final class GraphPass: @unchecked Sendable {
    package let graph: ConvolutionGraph
    package let height, width: Int
    package let precision: Precision
    let training: Bool
    let kernels: GraphKernels
    var values: [ValueStorage] = []
    /// Gradients by value: float32 where several readers add to it, otherwise in the pass's precision.
    var gradients: [AlignedBuffer?] = []
    var gradientIsFloat32: [Bool] = []
    /// Holds a map, or a term's weight and bias gradients.
    private(set) var scratch = AlignedBuffer(byteCount: 0)
    let narrowScratch: AlignedBuffer

    /// - Parameter training: Whether `backward` will be called.
    package init(_ graph: ConvolutionGraph, height: Int, width: Int, precision: Precision, training: Bool)
        throws
    {
        self.graph = graph
        self.height = height
        self.width = width
        self.precision = precision
        self.training = training
        kernels = try GraphKernels(
            graph, height: height, width: width, precision: precision, padsRows: true, training: training)
        let positions = height * width
        let widest = graph.channels.max()!
        narrowScratch = AlignedBuffer(count: training ? positions * widest : 0, precision: precision)
        for index in graph.channels.indices {
            let value = ConvolutionGraph.Value(index: index)
            let count = positions * graph.channels[index]
            values.append(ValueStorage(of: value, in: graph, positions: positions, precision: precision))
            let float32 = precision == .float32 || graph.gradientIsFloat32(value)
            gradientIsFloat32.append(float32)
            gradients.append(
                training && index > 0
                    ? AlignedBuffer(count: count, precision: float32 ? .float32 : precision) : nil)
        }
        if training {
            let weights = kernels.nodes.joined().map { $0.backwardWeights!.weightByteCount / 4 }.max()!
            scratch = AlignedBuffer(floats: max(positions * widest, weights + widest))
        }
    }

    // MARK: Forward

    /// The graph's result, [H, W, C] in float32; valid until the next pass.
    package var output: UnsafeMutablePointer<Float> { values[graph.output.index].float32!.floats }

    /// Runs the graph on a map [H, W, C].
    package func forward(_ input: UnsafePointer<Float>, weights: GraphWeights) {
        let inputCount = height * width * graph.channels[0]
        if precision == .float32 || graph.isAccumulated(graph.input) {
            copyFloats(to: values[0].float32!.floats, from: input, count: inputCount)
        }
        if precision != .float32, let narrow = values[0].narrow {
            liif_bf16_from_float(narrow.bfloat16s, input, inputCount)
        }
        for (n, node) in graph.nodes.enumerated() {
            let out = values[node.output.index]
            let target = graph.isAccumulated(node.output) ? out.float32! : out.narrow!
            let count = height * width * node.outputChannels
            if let residual = node.residual {
                copyFloats(to: target.floats, from: values[residual.index].float32!.floats, count: count)
            }
            for (t, term) in node.terms.enumerated() {
                kernels[n][t].forward(
                    source: values[term.value.index].narrow!.pointer,
                    weights: weights.packed[n][t].forward.pointer,
                    bias: weights.biases[n].pointer, destination: target.pointer)
            }
            if let narrow = out.narrow, narrow !== target {
                liif_bf16_from_float(narrow.bfloat16s, target.floats, count)
            }
        }
    }
}
