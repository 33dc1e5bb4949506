import Tensors

/// The decoding function in one number format: colours of a block of queries. One per worker.
protocol BlockDecoder: AnyObject {
    /// Sets the pixels' extent for the blocks to come.
    func setCell(_ cell: Cell, isGiven: Bool, latentHeight: Int, latentWidth: Int)
    /// - Parameters:
    ///   - latents: The first layer's convolution, [H, W, width]; the block's indices count its positions.
    ///   - colours: The result, [queries, 3], in normalised units.
    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, colours: UnsafeMutablePointer<Float>)
}

/// The decoder in floating point: a forward pass and the weights that all workers share.
final class FloatingPointDecoder: BlockDecoder {
    private let pass: DecoderPass
    private let weights: DecoderWeights

    init(_ pass: DecoderPass, weights: DecoderWeights) {
        self.pass = pass
        self.weights = weights
    }

    func setCell(_ cell: Cell, isGiven: Bool, latentHeight: Int, latentWidth: Int) {
        pass.setCell(
            cell, isGiven: isGiven, latentHeight: latentHeight, latentWidth: latentWidth, weights: weights)
    }

    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, colours: UnsafeMutablePointer<Float>
    ) {
        pass.forward(block, latents: latents, weights: weights, colours: colours)
    }
}

extension LIIFModel {
    /// One decoder per worker; in floating point, too, where the activations are too large for integers.
    func blockDecoders(
        _ layout: DecoderLayout, capacity: Int, precision: InferencePrecision, count: Int
    ) throws -> [any BlockDecoder] {
        if let format = precision.integers,
            let layers = IntegerLayers(
                layout, format: format, parameters: parameters, ranges: try activationRanges(layout))
        {
            return try (0..<count).map { _ in try IntegerDecoder(layers, capacity: capacity) }
        }
        return try floatingPointDecoders(
            layout, capacity: capacity, precision: precision.features, count: count)
    }

    /// One decoder per worker.
    func floatingPointDecoders(
        _ layout: DecoderLayout, capacity: Int, precision: Precision, count: Int
    ) throws -> [any BlockDecoder] {
        let passes = try (0..<count).map { _ in
            try DecoderPass(layout, capacity: capacity, precision: precision, training: false)
        }
        let weights = DecoderWeights(passes[0])
        try weights.refresh(from: parameters, pass: passes[0])
        return passes.map { FloatingPointDecoder($0, weights: weights) }
    }
}
