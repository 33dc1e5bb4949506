import NeuralNetwork
import Tensors

/// LIIF's decoding function, ready for maps of one width and precision.
final class ImplicitQueryDecoder: QueryDecoder {
    /// Rows of a block, whose activations fit a core's L2 cache: 64 queries with the ensemble.
    private static let blockRows = 256

    let search: LatentSearch
    let blockQueries: Int
    let latents: LatentKernel
    let addsInput: Bool
    /// By worker.
    private let passes: [DecoderPass]
    private let weights: DecoderWeights

    init(
        _ model: LIIFModel, _ layout: DecoderLayout, mapWidth: Int, precision: Precision, workers: Int
    ) throws {
        guard case .liif(let configuration) = model.configuration else { preconditionFailure() }
        search = configuration.search
        addsInput = configuration.inputSkip
        blockQueries = Self.blockRows / search.corners
        let first = model.network.graph.nodes.last!
        latents = try LatentKernel(
            mapWidth: mapWidth, channels: configuration.encoder.featureChannels, precision: precision,
            weights: model.parameters.floats, first.terms[0].weights,
            bias: model.parameters.floats + first.bias, outputs: first.outputChannels, kernel: first.kernel,
            workers: workers)
        let (capacity, corners) = (blockQueries, search.corners)
        passes = try (0..<workers).map { _ in
            try DecoderPass(
                layout, capacity: capacity, corners: corners, precision: precision, training: false)
        }
        weights = DecoderWeights(passes[0])
        try weights.refresh(from: model.parameters, pass: passes[0])
    }

    func setCell(_ cell: Cell, latentHeight: Int, latentWidth: Int) {
        for pass in passes {
            pass.setCell(cell, latentHeight: latentHeight, latentWidth: latentWidth, weights: weights)
        }
    }

    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, worker: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        passes[worker].forward(block, latents: latents, weights: weights, colours: colours)
    }
}
