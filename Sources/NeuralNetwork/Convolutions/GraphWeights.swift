import CTensorKernels
package import Tensors

/// A graph's weights in the layouts of its kernels, shared by all workers; refreshed when they change. Nodes without
/// kernels have none.
package final class GraphWeights: @unchecked Sendable {
    /// One term's packed weights.
    struct Packed {
        let forward: AlignedBuffer
        /// For the gradient of the term's input; none where no gradient is wanted.
        let backward: AlignedBuffer?
    }

    let graph: ConvolutionGraph
    /// By node, then by term.
    private(set) var packed: [[Packed]] = []
    /// By node, multiplied by the node's scale.
    private(set) var biases: [AlignedBuffer] = []

    /// - Parameter kernels: Supply the layouts; any worker's will do, for they are all alike.
    init(_ graph: ConvolutionGraph, kernels: GraphKernels) {
        self.graph = graph
        for (n, node) in graph.nodes.enumerated() {
            packed.append(
                kernels[n].map {
                    Packed(
                        forward: AlignedBuffer(byteCount: $0.forward.weightByteCount),
                        backward: $0.backwardData.map { AlignedBuffer(byteCount: $0.weightByteCount) })
                })
            biases.append(AlignedBuffer(floats: node.outputChannels))
        }
    }

    /// - Parameter pass: Supplies the layouts; any worker's will do, for they are all alike.
    package convenience init(_ pass: GraphPass) { self.init(pass.graph, kernels: pass.kernels) }

    /// Packs the parameters anew; the nodes are shared out among the workers' passes.
    package func refresh(from parameters: AlignedBuffer, passes: [GraphPass]) throws {
        try Workers.run(graph.nodes.count, workers: passes.count) { worker, n in
            try self.refresh(node: n, from: parameters.floats, kernels: passes[worker].kernels[n])
        }
    }

    /// Packs all parameters with one worker's kernels.
    func refresh(from parameters: AlignedBuffer, kernels: GraphKernels) throws {
        for n in graph.nodes.indices { try refresh(node: n, from: parameters.floats, kernels: kernels[n]) }
    }

    private func refresh(node n: Int, from parameters: UnsafeMutablePointer<Float>, kernels: [TermKernels])
        throws
    {
        let node = graph.nodes[n]
        for c in 0..<node.outputChannels { biases[n].floats[c] = parameters[node.bias + c] * node.scale }
        for (t, term) in node.terms.prefix(kernels.count).enumerated() {
            var source = parameters
            var weights = term.weights
            // A scaled node has its scale in its weights: nothing is left to do while it runs.
            let scaled =
                node.scale == 1 ? nil : AlignedBuffer(floats: node.outputChannels * weights.rowStride)
            if let scaled {
                let columns = graph.channels[term.value.index] * node.kernel * node.kernel
                for row in 0..<node.outputChannels {
                    for c in 0..<columns {
                        scaled.floats[row * columns + c] =
                            parameters[weights.offset + row * weights.rowStride + c] * node.scale
                    }
                }
                source = scaled.floats
                weights = PlainWeights(offset: 0, rowStride: columns)
            }
            try kernels[t].forward.pack(source, weights, into: packed[n][t].forward.pointer)
            if let buffer = packed[n][t].backward, let kernel = kernels[t].backwardData {
                try kernel.pack(source, weights, into: buffer.pointer)
            }
            withExtendedLifetime(scaled) {}
        }
    }
}
