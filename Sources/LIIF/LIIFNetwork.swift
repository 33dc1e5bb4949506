package import NeuralNetwork

/// A LIIF model's structure over one flat array of parameters: the encoder, the decoder's first layer as a
/// convolution of the feature map, and the rest of the decoder.
package struct LIIFNetwork: Sendable {
    package let configuration: LIIFConfiguration
    /// Image [H, W, 3] → feature map [H, W, D].
    package let encoder: ConvolutionGraph
    /// Feature map [H, W, D] → the first decoder layer's sums [H, W, width], before the relative terms.
    package let latents: ConvolutionGraph
    /// Both in one, as training runs them.
    package let graph: ConvolutionGraph
    package let decoder: DecoderLayout

    package init(_ configuration: LIIFConfiguration) {
        self.configuration = configuration
        var encoder = ConvolutionGraph(inputChannels: LIIFConfiguration.colourChannels)
        let features = configuration.encoder.write(into: &encoder)
        precondition(features == encoder.output)
        var graph = encoder
        decoder = DecoderLayout(configuration, features: features, graph: &graph)
        let first = graph.nodes.last!
        var latents = ConvolutionGraph(inputChannels: configuration.encoder.featureChannels)
        _ = latents.convolution(
            of: [latents.input], weights: first.terms[0].weights, bias: first.bias,
            outputChannels: first.outputChannels, kernel: first.kernel)
        self.encoder = encoder
        self.latents = latents
        self.graph = graph
    }

    /// Names, shapes and places of all parameters.
    package var parameters: ParameterLayout { graph.parameters }
}
