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
    let narrowScratch: AlignedBuffer
    /// What a convolution makes before its pixel shuffle, or its gradient.
    let shuffleScratch: AlignedBuffer

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
            graph, height: height, width: width, precision: precision, padsRows: true, training: training,
            algorithm: .winograd)
        let positions = graph.scales.map { height * $0 * width * $0 }
        let counts = zip(positions, graph.channels).map { $0 * $1 }
        let largest = counts.max()!
        narrowScratch = AlignedBuffer(count: training ? largest : 0, precision: precision)
        shuffleScratch = AlignedBuffer(
            floats: graph.nodes.filter { $0.shuffle != nil }.map { counts[$0.output.index] }.max() ?? 0)
        for index in graph.channels.indices {
            let value = ConvolutionGraph.Value(index: index)
            values.append(
                ValueStorage(of: value, in: graph, positions: positions[index], precision: precision))
            let float32 = precision == .float32 || graph.gradientIsFloat32(value)
            gradientIsFloat32.append(float32)
            gradients.append(
                training && index > 0
                    ? AlignedBuffer(count: counts[index], precision: float32 ? .float32 : precision) : nil)
        }
    }

    /// Elements of a value's map.
    func count(of value: ConvolutionGraph.Value) -> Int {
        let scale = graph.scales[value.index]
        return height * scale * width * scale * graph.channels[value.index]
    }

    // MARK: Forward

    /// The graph's result, [s·H, s·W, C] in float32; valid until the next pass.
    package var output: UnsafeMutablePointer<Float> { values[graph.output.index].float32!.floats }

    /// Runs the graph on a map [H, W, C].
    package func forward(_ input: UnsafePointer<Float>, weights: GraphWeights) {
        let inputCount = count(of: graph.input)
        if precision == .float32 || graph.isAccumulated(graph.input) {
            copyFloats(to: values[0].float32!.floats, from: input, count: inputCount)
        }
        if precision != .float32, let narrow = values[0].narrow {
            liif_bf16_from_float(narrow.bfloat16s, input, inputCount)
        }
        for (n, node) in graph.nodes.enumerated() {
            let scale = graph.scale(of: node)
            weights.forward(
                n, kernels[n], rows: height * scale, columns: width * scale,
                source: { values[$0.index].narrow!.pointer },
                residual: node.residual.map { UnsafeRawPointer(values[$0.index].float32!.pointer) },
                into: values[node.output.index].target(), scratch: shuffleScratch)
        }
    }
}
