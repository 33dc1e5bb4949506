import Tensors

/// How far each value of a streamed graph is behind the input, how many rows its readers need once more, and which
/// nodes are made in tiles.
///
/// A value waits for the rows below that its convolution reads: its lag is its receptive radius. The rows of a node
/// that is made in Winograd's tiles must come in whole tiles of the picture's grid, so there the lag is rounded up. Under BF16
/// nothing is made in tiles: what they save is lost with the rows that they keep in memory (Docs/Decisions/0016).
struct StreamLags {
    /// Nodes whose rows come in whole tiles.
    let tiledNodes: Set<Int>
    /// By value, in rows of its own.
    private(set) var values: [Int]
    /// Rows before a strip's that readers of the strip need, by value.
    private(set) var kept: [Int]

    /// Rows of its memory, by value: of those that are kept, those that a strip adds, and so many more that the kept ones need
    /// be moved to the front but now and then where they are many.
    func memoryRows(_ index: Int, added: Int) -> Int {
        let kept = kept[index]
        return kept + added + (kept >= 4 * added ? kept / 2 / added * added : 0)
    }

    /// Bytes of all values' rows above which nothing is made in tiles: their lags would take too much memory.
    private static let tiledLimit = 512 << 20

    init(_ graph: ConvolutionGraph, stripRows: Int, width: Int, precision: Precision) {
        precondition(stripRows % WinogradConvolution.tile == 0)
        let tiled = graph.nodes.indices.filter { n in
            let node = graph.nodes[n]
            return node.shuffle == nil
                && node.terms.allSatisfy { term in
                    let shape = ConvolutionShape(
                        height: stripRows + node.kernel - 1, width: width * graph.scale(of: node),
                        inputChannels: graph.channels[term.value.index], outputChannels: node.outputChannels,
                        kernel: node.kernel, padsRows: false)
                    return precision == .float32 && WinogradConvolution.supports(shape)
                }
        }
        let lags = StreamLags(graph, tiled: Set(tiled))
        let bytes = graph.channels.indices.reduce(0) { sum, index in
            let scale = graph.scales[index]
            let rows = lags.memoryRows(index, added: stripRows * scale)
            return sum + rows * width * scale * graph.channels[index] * 4
        }
        self = bytes <= Self.tiledLimit ? lags : StreamLags(graph, tiled: [])
    }

    fileprivate init(_ graph: ConvolutionGraph, tiled: Set<Int>) {
        tiledNodes = tiled
        values = [Int](repeating: 0, count: graph.channels.count)
        kept = values
        for (n, node) in graph.nodes.enumerated() {
            // Of what the convolution makes, before its pixel shuffle.
            var lag = graph.convolutionRadius(node, values)
            if tiled.contains(n) {
                let tile = WinogradConvolution.tile
                lag = (lag + tile - 1) / tile * tile
            }
            values[node.output.index] = lag * (node.shuffle?.factor ?? 1)
            for term in node.terms {
                let index = term.value.index
                kept[index] = max(kept[index], lag - values[index] + node.kernel / 2)
            }
            if let index = node.residual?.index { kept[index] = max(kept[index], lag - values[index]) }
        }
    }
}

extension ConvolutionGraph {
    /// How far the bits of a streamed output look around its position, and the rows at whose multiples a stream may begin
    /// anew without changing them: a Winograd tile's depend on all of its inputs, whatever the outputs' own radii are.
    package var streamGrid: (reach: Int, rows: Int) {
        let tile = WinogradConvolution.tile
        return (StreamLags(self, tiled: Set(nodes.indices)).values[output.index] + tile, tile)
    }
}
