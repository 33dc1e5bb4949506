package import Tensors

/// A decoder's layout: where its parameters are and how it is run. What depends on the kind of decoder asks it here.
enum DecoderNetwork: Sendable {
    case implicit(DecoderLayout)
    case metaSR(MetaSRLayout)
    /// The graph has made the picture already.
    case upsampling(scale: Int)

    /// How a coordinate finds its latents; nil for an up-sampling module, which has no colours between its pixels.
    var search: LatentSearch? {
        switch self {
        case .implicit(let layout): layout.search
        case .metaSR(let layout): layout.search
        case .upsampling: nil
        }
    }
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
            try ImplicitTraining(
                layout, height: height, width: width, precision: precision, workers: workers)
        case .metaSR(let layout):
            try MetaSRTraining(
                layout, height: height, width: width, precision: precision, workers: workers)
        case .upsampling(let scale):
            UpsamplingTraining(scale: scale, height: height, width: width, workers: workers)
        }
    }
}
