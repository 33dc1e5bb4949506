package import NeuralNetwork

/// A feature extractor and its size. To add one: a case here, and a file that writes its graph.
public enum EncoderConfiguration: Sendable, Equatable {
    /// EDSR (Lim et al. 2017) without its up-sampling module; the baseline has 16 blocks of 64 channels.
    case edsr(blocks: Int, channels: Int, residualScale: Float)

    /// RDN (Zhang et al. 2018) without its up-sampling module; the paper's has 16 blocks of 8 layers, 64 channels.
    case rdn(blocks: Int, layers: Int, growth: Int, channels: Int)

    /// The paper's RDN: D 16, C 8, G 64, G₀ 64.
    public static let rdnPaper = EncoderConfiguration.rdn(blocks: 16, layers: 8, growth: 64, channels: 64)

    /// EDSR-baseline: 16 blocks, 64 channels, residuals unscaled.
    public static let edsrBaseline = EncoderConfiguration.edsr(blocks: 16, channels: 64, residualScale: 1)

    /// Channels D of the feature map.
    public var featureChannels: Int {
        switch self {
        case .edsr(_, let channels, _): channels
        case .rdn(_, _, _, let channels): channels
        }
    }

    /// Writes the encoder into a graph that so far holds its input; parameters are named `encoder.…`.
    package func write(into graph: inout ConvolutionGraph) -> ConvolutionGraph.Value {
        switch self {
        case .edsr(let blocks, let channels, let scale):
            graph.edsr(blocks: blocks, channels: channels, residualScale: scale)
        case .rdn(let blocks, let layers, let growth, let channels):
            graph.rdn(blocks: blocks, layers: layers, growth: growth, channels: channels)
        }
    }
}
