import CTensorKernels
import Tensors

extension GraphWeights {
    /// Computes a node: of its convolution's result the rows that the kernels make at once, and what follows from them.
    /// - Parameters:
    ///   - n: The node.
    ///   - kernels: One worker's, of the node.
    ///   - rows: Of the convolution's result.
    ///   - columns: Of the convolution's result.
    ///   - source: Where the rows of an input begin, those above the result's first among them if the kernels pad none.
    ///   - residual: The same rows of what is added.
    ///   - target: Where the output's rows go.
    ///   - scratch: What the convolution makes before its pixel shuffle.
    func forward(
        _ n: Int, _ kernels: [TermKernels], rows: Int, columns: Int,
        source: (ConvolutionGraph.Value) -> UnsafeMutableRawPointer, residual: UnsafeRawPointer?,
        into target: ValueStorage.Target, scratch: AlignedBuffer
    ) {
        let node = graph.nodes[n]
        let made = node.shuffle == nil ? target.result : scratch.pointer
        for (t, term) in node.terms.enumerated() {
            let isLast = t == node.terms.count - 1 && node.shuffle == nil
            kernels[t].forward(
                source: source(term.value), weights: packed[n][t].forward.pointer, bias: biases[n].pointer,
                addend: t == 0 ? residual : nil, destination: made, copy: isLast ? target.copy : nil)
        }
        guard let shuffle = node.shuffle else { return }
        switch target.precision {
        case .float32:
            shuffle.forward(
                scratch.floats, height: rows, width: columns,
                into: target.result.assumingMemoryBound(to: Float.self))
        case .bfloat16:
            shuffle.forward(
                scratch.bfloat16s, height: rows, width: columns,
                into: target.result.assumingMemoryBound(to: BFloat16Bits.self))
        }
        if let copy = target.copy {
            liif_bf16_from_float(
                copy.assumingMemoryBound(to: BFloat16Bits.self),
                target.result.assumingMemoryBound(to: Float.self), rows * columns * node.outputChannels)
        }
    }
}
