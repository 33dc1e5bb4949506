package import NeuralNetwork

/// A feature extractor and its size. To add one: a case here, and a file that writes its graph.
public enum EncoderConfiguration: Sendable, Equatable {
    /// EDSR (Lim et al. 2017) without its up-sampling module; the baseline has 16 blocks of 64 channels.
    case edsr(blocks: Int, channels: Int, residualScale: Float)

    /// EDSR-baseline: 16 blocks, 64 channels, residuals unscaled.
    public static let edsrBaseline = EncoderConfiguration.edsr(blocks: 16, channels: 64, residualScale: 1)

    /// Channels D of the feature map.
    public var featureChannels: Int {
        switch self {
        case .edsr(_, let channels, _): channels
        }
    }

    /// Writes the encoder into a graph that so far holds its input; parameters are named `encoder.…`.
    package func write(into graph: inout ConvolutionGraph) -> ConvolutionGraph.Value {
        switch self {
        case .edsr(let blocks, let channels, let scale):
            graph.edsr(blocks: blocks, channels: channels, residualScale: scale)
        }
    }
}
