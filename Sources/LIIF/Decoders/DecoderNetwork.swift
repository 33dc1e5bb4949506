package import Tensors

/// A decoder's layout: where its parameters are and how it is run. The one place that knows which kinds there are.
package enum DecoderNetwork: Sendable {
    case implicit(DecoderLayout)
    case metaSR(MetaSRLayout)
    /// The graph has made the picture already.
    case upsampling(scale: Int)
}

extension LIIFModel {
    /// The decoder, ready for maps of one width and precision; nil for an up-sampling module, which has no colours
    /// between its pixels.
    func queryDecoder(
        mapWidth: Int, precision: InferencePrecision, workers: Int = Workers.count
    ) throws
        -> (any QueryDecoder)?
    {
        switch network.decoder {
        case .implicit(let layout):
            try ImplicitQueryDecoder(
                self, layout, mapWidth: mapWidth, precision: precision, workers: workers)
        case .metaSR(let layout):
            try MetaSRQueryDecoder(
                self, layout, mapWidth: mapWidth, precision: precision.features, workers: workers)
        case .upsampling: nil
        }
    }

    /// What turns an encoded image into pixels.
    func renderer(
        _ encoder: ImageEncoder, precision: InferencePrecision, workers: Int = Workers.count
    ) throws -> any Renderer {
        if let decoder = try queryDecoder(
            mapWidth: encoder.width, precision: precision, workers: workers)
        {
            QueryRenderer(encoder, decoder: decoder, addsInput: configuration.inputSkip, workers: workers)
        } else {
            UpsamplingRenderer(
                encoder, scale: configuration.fixedScale!, addsInput: configuration.inputSkip)
        }
    }
}

extension LIIFNetwork {
    /// The decoder in training, over samples whose input has one extent.
    package func decoderTraining(height: Int, width: Int, precision: Precision, workers: Int) throws
        -> any DecoderTraining
    {
        let training = try plainTraining(height: height, width: width, precision: precision, workers: workers)
        return configuration.inputSkip
            ? InputSkipTraining(training, height: height, width: width, workers: workers) : training
    }

    private func plainTraining(height: Int, width: Int, precision: Precision, workers: Int) throws
        -> any DecoderTraining
    {
        switch decoder {
        case .implicit(let layout):
            guard case .liif(let configuration) = configuration else { preconditionFailure() }
            return try ImplicitTraining(
                configuration, layout, height: height, width: width, precision: precision, workers: workers)
        case .metaSR(let layout):
            return try MetaSRTraining(
                layout, height: height, width: width, precision: precision, workers: workers)
        case .upsampling(let scale):
            return UpsamplingTraining(scale: scale, height: height, width: width, workers: workers)
        }
    }
}

extension DecoderNetwork {
    /// Multiply-adds that a query needs after the work that is done once for each latent.
    package var multiplyAddsPerQuery: Int {
        switch self {
        case .implicit(let layout):
            (layout.hidden + [layout.last]).map { $0.inputs * $0.outputs }.reduce(0, +) * layout.corners
        case .metaSR(let layout): 6 * layout.width
        case .upsampling: 0
        }
    }

    /// Multiply-adds that are counted for each latent: MetaSR's tables. LIIF's first layer, which the paper's
    /// formulation has per query, does not count (Docs/Results.md).
    package var multiplyAddsPerLatent: Int {
        if case .metaSR(let layout) = self { layout.tableInputs * 3 * (layout.width + 1) } else { 0 }
    }

    /// Bytes of the latents that a query reads.
    package var bytesPerQuery: Int {
        switch self {
        case .implicit(let layout): layout.corners * layout.firstWidth * 4
        case .metaSR(let layout): layout.tableSize * 4
        case .upsampling: 0
        }
    }
}
