import NeuralNetwork
import Tensors

/// Where the decoding function's parameters are, and how its layers are run.
///
/// The first layer is linear in [unfolded features, relative coordinate, relative cell], so its feature
/// part is a convolution over the latents (Docs/Decisions/0003): it is a node of the encoder's graph, and
/// what remains per query is a sum. PyTorch's names: `imnet.layers.0`, `.2`, `.4` ….
struct DecoderLayout: Sendable {
    /// A linear layer [outputs, inputs] with its bias.
    struct Layer: Sendable {
        let weights: PlainWeights
        let bias: Int
        let inputs: Int
        let outputs: Int
    }

    /// How a query finds its latents.
    let search: LatentSearch
    /// Width of the first hidden layer and so of the maps that the convolution makes.
    let firstWidth: Int
    /// Columns of the first layer's weights for the relative coordinate and the relative cell.
    let relativeY, relativeX: Int
    let cellHeight, cellWidth: Int?
    /// The least extent of a pixel, in latents, that the decoding function is told (`greatestCellScale`).
    private let leastCell: Float
    /// Floats from one output to the next in the first layer's weights.
    let firstRowStride: Int
    /// Hidden layers after the first.
    let hidden: [Layer]
    let last: Layer

    /// Adds the decoding function's parameters to the graph's, and its first layer's convolution to the graph.
    init(_ configuration: LIIFConfiguration, features: ConvolutionGraph.Value, graph: inout ConvolutionGraph)
    {
        precondition(!configuration.hiddenWidths.isEmpty)
        var layers: [Layer] = []
        var inputs = configuration.decoderInputs
        for (i, outputs) in (configuration.hiddenWidths + [ModelConfiguration.colourChannels]).enumerated() {
            let name = "imnet.layers.\(2 * i)"
            let weight = graph.parameters.add("\(name).weight", shape: [outputs, inputs], fanIn: inputs)
            let bias = graph.parameters.add("\(name).bias", shape: [outputs], fanIn: inputs)
            layers.append(
                Layer(
                    weights: PlainWeights(offset: weight, rowStride: inputs), bias: bias, inputs: inputs,
                    outputs: outputs))
            inputs = outputs
        }
        let first = layers[0]
        // torch's unfold orders its channels c·9 + k, which is a convolution's weight layout.
        _ = graph.convolution(
            of: [features], weights: first.weights, bias: first.bias, outputChannels: first.outputs,
            kernel: configuration.unfoldingExtent)
        let start = first.weights.offset + configuration.latentInputs
        search = configuration.search
        firstWidth = first.outputs
        firstRowStride = first.weights.rowStride
        relativeY = start
        relativeX = start + 1
        cellHeight = configuration.cellDecoding ? start + 2 : nil
        cellWidth = configuration.cellDecoding ? start + 3 : nil
        leastCell = configuration.greatestCellScale.map { Float(2 / $0) } ?? 0
        hidden = Array(layers[1..<(layers.count - 1)])
        last = layers.last!
    }

    /// Latents that a query asks: 4, or 1 without the ensemble.
    var corners: Int { search.corners }

    /// What the decoding function is told of a pixel's extent: cell·(H, W), within the model's limit.
    /// - Parameter isGiven: Whether the extent is asked for and not the true one: then there is no limit.
    func relativeCell(_ cell: Cell, isGiven: Bool = false, latentHeight: Int, latentWidth: Int) -> Cell {
        let least = isGiven ? 0 : leastCell
        return Cell(
            height: max(least, cell.height * Float(latentHeight)),
            width: max(least, cell.width * Float(latentWidth)))
    }
}
