import CTensorKernels
package import Tensors

/// One lane's parameter gradients, in the layouts of the kernels that make them.
///
/// A batch's samples are dealt to lanes in a fixed order and the lanes are summed in a fixed order, so the
/// sum does not depend on which worker took which lane.
package final class GraphGradients: @unchecked Sendable {
    /// By node, then by term.
    let weights: [[AlignedBuffer]]
    /// By node, then by term; only the first term's counts.
    let biases: [[AlignedBuffer]]
    var isEmpty = true

    package init(_ pass: GraphPass) {
        weights = pass.kernels.nodes.map {
            $0.map { AlignedBuffer(byteCount: $0.backwardWeights!.weightByteCount) }
        }
        biases = zip(pass.graph.nodes, pass.kernels.nodes).map { node, terms in
            terms.map { _ in AlignedBuffer(floats: node.outputChannels) }
        }
    }

    /// Forgets what was added.
    package func clear() { isEmpty = true }
}

extension GraphPass {
    /// Where the gradient of `output` [s·H, s·W, C] is put before `backward`.
    package var outputGradient: UnsafeMutablePointer<Float> { gradients[graph.output.index]!.floats }

    /// From the output's gradient: parameter gradients are added to `lane`, activation gradients overwritten.
    package func backward(weights: GraphWeights, into lane: GraphGradients) {
        precondition(training)
        var begun = [Bool](repeating: false, count: graph.channels.count)
        begun[graph.output.index] = true
        for n in graph.nodes.indices.reversed() {
            let node = graph.nodes[n]
            // What nobody reads has no gradient: its lanes keep the zeros that they began with.
            guard begun[node.output.index] else { continue }
            let count = count(of: node.output)
            maskByRectifier(node, count: count)
            let gradient = convolutionGradient(node)
            var narrow = gradient
            if precision != .float32 && gradientIsFloat32[node.output.index] {
                liif_bf16_from_float(narrowScratch.bfloat16s, gradient.floats, count)
                narrow = narrowScratch
            }
            for (t, term) in node.terms.enumerated() {
                weightGradient(n, t, narrow, lane)
                sourceGradient(n, t, term, narrow, weights, begun: &begun[term.value.index])
            }
            if let residual = node.residual, residual != graph.input {
                if begun[residual.index] {
                    liif_add(gradients[residual.index]!.floats, gradient.floats, count)
                } else {
                    // It is the output's, which nobody needs any more.
                    gradients.swapAt(residual.index, node.output.index)
                    begun[residual.index] = true
                }
            }
        }
        lane.isEmpty = false
    }

    /// The gradient of what a node's convolution makes, in its output's number format.
    private func convolutionGradient(_ node: ConvolutionGraph.Node) -> AlignedBuffer {
        let gradient = gradients[node.output.index]!
        guard let shuffle = node.shuffle else { return gradient }
        let scale = graph.scale(of: node)
        let (rows, columns) = (height * scale, width * scale)
        if gradientIsFloat32[node.output.index] {
            shuffle.backward(gradient.floats, height: rows, width: columns, into: shuffleScratch.floats)
        } else {
            shuffle.backward(
                gradient.bfloat16s, height: rows, width: columns, into: shuffleScratch.bfloat16s)
        }
        return shuffleScratch
    }

    private func maskByRectifier(_ node: ConvolutionGraph.Node, count: Int) {
        guard node.rectified else { return }
        let gradient = gradients[node.output.index]!
        let value = values[node.output.index]
        switch (gradientIsFloat32[node.output.index], value.float32) {
        case (true, let output?): liif_rectifier_backward_float(gradient.floats, output.floats, count)
        case (true, nil): liif_rectifier_backward_mixed(gradient.floats, value.narrow!.bfloat16s, count)
        case (false, _): liif_rectifier_backward_bf16(gradient.bfloat16s, value.narrow!.bfloat16s, count)
        }
    }

    private func weightGradient(_ n: Int, _ t: Int, _ narrow: AlignedBuffer, _ lane: GraphGradients) {
        let kernel = kernels[n][t].backwardWeights!
        let source = values[graph.nodes[n].terms[t].value.index].narrow!
        kernel(
            source: source.pointer, weightGradient: lane.weights[n][t].pointer,
            biasGradient: lane.biases[n][t].pointer, destinationGradient: narrow.pointer,
            accumulate: !lane.isEmpty)
    }

    private func sourceGradient(
        _ n: Int, _ t: Int, _ term: ConvolutionGraph.Term, _ narrow: AlignedBuffer, _ weights: GraphWeights,
        begun: inout Bool
    ) {
        guard let kernel = kernels[n][t].backwardData, let packed = weights.packed[n][t].backward,
            let sum = gradients[term.value.index]
        else { return }
        kernel(
            sourceGradient: sum.pointer, weights: packed.pointer, destinationGradient: narrow.pointer,
            accumulate: begun)
        begun = true
    }

    /// Sums the lanes in order and overwrites the graph's part of the flat gradient.
    package static func reduce(
        _ lanes: [GraphGradients], passes: [GraphPass], into gradient: AlignedBuffer
    ) throws {
        let graph = passes[0].graph
        let used = lanes.filter { !$0.isEmpty }
        guard let first = used.first else { return }
        try Workers.run(graph.nodes.count, workers: passes.count) { worker, n in
            let node = graph.nodes[n]
            for (t, term) in node.terms.enumerated() {
                let weight = first.weights[n][t], bias = first.biases[n][t]
                for lane in used.dropFirst() {
                    liif_add(weight.floats, lane.weights[n][t].floats, weight.byteCount / 4)
                    liif_add(bias.floats, lane.biases[n][t].floats, node.outputChannels)
                }
                if node.scale != 1 { liif_scale(weight.floats, node.scale, weight.byteCount / 4) }
                try passes[worker].kernels[n][t].backwardWeights!
                    .unpack(weight.pointer, into: gradient.floats, term.weights)
                if t == 0 {
                    for c in 0..<node.outputChannels {
                        gradient.floats[node.bias + c] = bias.floats[c] * node.scale
                    }
                }
            }
        }
    }
}
