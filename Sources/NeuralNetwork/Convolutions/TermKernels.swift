import Tensors

/// The compiled operations of one input of one node.
struct TermKernels {
    let forward: ConvolutionForward
    let backwardData: ConvolutionBackwardData?
    let backwardWeights: ConvolutionBackwardWeights?
}

/// A graph's kernels by node, then by term; one worker's, for one extent. Kernels of equal shape are one
/// object, for a worker runs one at a time.
struct GraphKernels {
    private(set) var nodes: [[TermKernels]] = []

    subscript(node: Int) -> [TermKernels] { nodes[node] }

    /// - Parameters:
    ///   - height: Of the input; without `padsRows` the rows that every node makes at once.
    ///   - padsRows: False where the caller supplies the rows above and below.
    ///   - training: Whether gradients are wanted.
    ///   - isWanted: Which nodes get kernels; the others have none.
    init(
        _ graph: ConvolutionGraph, height: Int, width: Int, precision: Precision, padsRows: Bool,
        training: Bool, algorithm: ConvolutionAlgorithm, where isWanted: (Int) -> Bool = { _ in true }
    ) throws {
        let scratch = ConvolutionScratch()
        var forward: [String: ConvolutionForward] = [:]
        var data: [String: ConvolutionBackwardData] = [:]
        var weight: [ConvolutionShape: ConvolutionBackwardWeights] = [:]
        for (n, node) in graph.nodes.enumerated() {
            var terms: [TermKernels] = []
            defer { nodes.append(terms) }
            guard isWanted(n) else { continue }
            for (t, term) in node.terms.enumerated() {
                let scale = graph.scale(of: node)
                let shape = ConvolutionShape(
                    height: padsRows ? height * scale : height + node.kernel - 1, width: width * scale,
                    inputChannels: graph.channels[term.value.index], outputChannels: node.outputChannels,
                    kernel: node.kernel, padsRows: padsRows)
                let target: Precision = graph.isAccumulated(node.output) ? .float32 : precision
                let accumulate = t > 0 || node.residual != nil
                let relu = node.rectified && t == node.terms.count - 1
                let key = "\(shape) \(target) \(t == 0) \(accumulate) \(relu)"
                if forward[key] == nil {
                    forward[key] = try ConvolutionForward(
                        shape, source: precision, destination: target, bias: t == 0, accumulate: accumulate,
                        relu: relu, algorithm: algorithm, scratch: scratch)
                }
                let sourceTarget: Precision = graph.gradientIsFloat32(term.value) ? .float32 : precision
                let dataKey = "\(shape) \(sourceTarget)"
                let wantsData = training && term.value != graph.input
                if wantsData && data[dataKey] == nil {
                    data[dataKey] = try ConvolutionBackwardData(
                        shape, gradient: precision, sourceGradient: sourceTarget, algorithm: algorithm,
                        scratch: scratch)
                }
                if training && weight[shape] == nil {
                    weight[shape] = try ConvolutionBackwardWeights(
                        shape, precision: precision, algorithm: algorithm, scratch: scratch)
                }
                terms.append(
                    TermKernels(
                        forward: forward[key]!, backwardData: wantsData ? data[dataKey] : nil,
                        backwardWeights: weight[shape]))
            }
        }
    }
}
