/// An encoder with the up-sampling module that its paper gives it: convolutions and pixel shuffles for one whole
/// scale; Table 1's "EDSR-baseline" and Table 5's baseline.
public struct UpsamplingConfiguration: Sendable, Equatable {
    /// The feature extractor.
    public let encoder: EncoderConfiguration
    /// How many times higher and wider the output is.
    public let scale: Int
    /// Adds the bilinearly interpolated input to the prediction. Not in the papers.
    public let inputSkip: Bool

    /// - Precondition: the encoder has a module of this scale (`EncoderConfiguration.upsamplingScales`).
    public init(encoder: EncoderConfiguration = .edsrBaseline, scale: Int, inputSkip: Bool = false) {
        precondition(encoder.upsamplingScales.contains(scale))
        self.encoder = encoder
        self.scale = scale
        self.inputSkip = inputSkip
    }
}
