package import NeuralNetwork

/// A model's structure over one flat array of parameters: the encoder, what of the decoder is a graph of
/// convolutions, and the rest of the decoder.
package struct LIIFNetwork: Sendable {
    package let configuration: ModelConfiguration
    /// Image [H, W, 3] → feature map [H, W, D]; with an up-sampling module the enlarged image [s·H, s·W, 3].
    package let encoder: ConvolutionGraph
    /// What training runs over a whole sample: the encoder, and of LIIF also the decoder's first layer.
    package let graph: ConvolutionGraph
    let decoder: DecoderNetwork

    package init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        var encoder = ConvolutionGraph(inputChannels: ModelConfiguration.colourChannels)
        let features = configuration.encoder.architecture.write(into: &encoder)
        precondition(features == encoder.output)
        if case .upsampling(let upsampling) = configuration {
            upsampling.encoder.architecture.writeUpsampling(
                upsampling.scale, of: features, into: &encoder)
        }
        var graph = encoder
        switch configuration {
        case .liif(let configuration):
            decoder = .implicit(DecoderLayout(configuration, features: features, graph: &graph))
        case .metaSR(let configuration):
            decoder = .metaSR(MetaSRLayout(configuration, parameters: &graph.parameters))
        case .upsampling(let configuration):
            decoder = .upsampling(scale: configuration.scale)
        }
        self.encoder = encoder
        self.graph = graph
    }

    package init(_ configuration: LIIFConfiguration) { self.init(.liif(configuration)) }

    /// Names, shapes and places of all parameters.
    package var parameters: ParameterLayout { graph.parameters }
}
