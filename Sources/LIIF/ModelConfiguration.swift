/// What a model is made of: an encoder and one of three decoders. To add a decoder: a case here, a folder for it,
/// and its line in each `switch` that the compiler then points to (CONTRIBUTING.md works it through).
public enum ModelConfiguration: Sendable, Equatable {
    /// The local implicit image function (§3).
    case liif(LIIFConfiguration)
    /// The meta-upscale module of MetaSR (Hu et al. 2019), as the release implements it.
    case metaSR(MetaSRConfiguration)
    /// The encoder's own up-sampling module, of one whole scale.
    case upsampling(UpsamplingConfiguration)

    /// The feature extractor.
    public var encoder: EncoderConfiguration {
        switch self {
        case .liif(let configuration): configuration.encoder
        case .metaSR(let configuration): configuration.encoder
        case .upsampling(let configuration): configuration.encoder
        }
    }

    /// Whether a prediction is added to the bilinearly interpolated input, so that the network learns the residual.
    public var inputSkip: Bool {
        switch self {
        case .liif(let configuration): configuration.inputSkip
        case .metaSR(let configuration): configuration.inputSkip
        case .upsampling(let configuration): configuration.inputSkip
        }
    }

    /// The one scale that the model enlarges by; nil where it takes any.
    public var fixedScale: Int? {
        if case .upsampling(let configuration) = self { configuration.scale } else { nil }
    }

    /// The method's name as tables have it.
    public var methodName: String {
        switch self {
        case .liif: "LIIF"
        case .metaSR: "MetaSR"
        case .upsampling(let configuration): "up-sampling module ×\(configuration.scale)"
        }
    }

    /// Channels of a colour.
    static let colourChannels = 3
}
