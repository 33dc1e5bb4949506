/// An encoder with MetaSR's meta-upscale module (Hu et al. 2019), as the release implements it; a baseline of Table 1.
public struct MetaSRConfiguration: Sendable, Equatable {
    /// The feature extractor.
    public var encoder: EncoderConfiguration
    /// Width of the one hidden layer of the network that predicts a pixel's matrix.
    public var hiddenWidth: Int
    /// Adds the bilinearly interpolated input to the prediction. Not in the paper.
    public var inputSkip: Bool

    /// EDSR-baseline-MetaSR, Table 1, or another encoder's.
    public init(
        encoder: EncoderConfiguration = .edsrBaseline, hiddenWidth: Int = 256, inputSkip: Bool = false
    ) {
        self.encoder = encoder
        self.hiddenWidth = hiddenWidth
        self.inputSkip = inputSkip
    }
}
