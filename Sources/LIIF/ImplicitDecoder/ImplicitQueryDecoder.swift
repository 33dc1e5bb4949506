import NeuralNetwork
import Tensors

/// LIIF's decoding function, ready for maps of one width and precision.
final class ImplicitQueryDecoder: QueryDecoder {
    /// Rows of a block, whose activations fit a core's L2 cache: 64 queries with the ensemble.
    private static let blockRows = 256

    let search: LatentSearch
    let blockQueries: Int
    let latents: LatentKernel
    private let model: LIIFModel
    private let layout: DecoderLayout
    private let precision: InferencePrecision
    /// By worker.
    private let decoders: [any BlockDecoder]
    /// Instead of integer decoders for pixels that their ranges do not cover; made when they are first needed.
    private var floatingPointDecoders: [any BlockDecoder]?
    /// Those of the current cell.
    private var current: [any BlockDecoder]

    init(
        _ model: LIIFModel, _ layout: DecoderLayout, mapWidth: Int, precision: InferencePrecision,
        workers: Int
    ) throws {
        self.model = model
        self.layout = layout
        self.precision = precision
        search = layout.search
        blockQueries = Self.blockRows / search.corners
        latents = try LatentKernel(
            model, mapWidth: mapWidth, precision: precision.features, workers: workers)
        decoders = try model.blockDecoders(
            layout, capacity: blockQueries, precision: precision, count: workers)
        current = decoders
    }

    func setCell(_ cell: Cell, isGiven: Bool, latentHeight: Int, latentWidth: Int) throws {
        let told = layout.relativeCell(
            cell, isGiven: isGiven, latentHeight: latentHeight, latentWidth: latentWidth)
        let isCovered =
            !(decoders[0] is IntegerDecoder) || layout.cellHeight == nil || ActivationRanges.cover(told)
        current = try isCovered ? decoders : inFloatingPoint()
        for decoder in current {
            decoder.setCell(cell, isGiven: isGiven, latentHeight: latentHeight, latentWidth: latentWidth)
        }
    }

    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, worker: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        current[worker].decode(block, latents: latents, colours: colours)
    }

    private func inFloatingPoint() throws -> [any BlockDecoder] {
        let made =
            try floatingPointDecoders
            ?? model.floatingPointDecoders(
                layout, capacity: blockQueries, precision: precision.features, count: decoders.count)
        floatingPointDecoders = made
        return made
    }
}

extension LatentKernel {
    /// The decoding function's first layer (Docs/Decisions/0003).
    convenience init(_ model: LIIFModel, mapWidth: Int, precision: Precision, workers: Int) throws {
        let first = model.network.graph.nodes.last!
        try self.init(
            mapWidth: mapWidth, channels: model.configuration.encoder.featureChannels, precision: precision,
            weights: model.parameters.floats, first.terms[0].weights,
            bias: model.parameters.floats + first.bias, outputs: first.outputChannels, kernel: first.kernel,
            workers: workers)
    }
}
