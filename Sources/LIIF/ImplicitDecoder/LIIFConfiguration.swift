/// What a LIIF model is made of; the defaults are the paper's EDSR-baseline-LIIF.
public struct LIIFConfiguration: Sendable, Equatable {
    /// The feature extractor E(image) → feature map.
    public var encoder: EncoderConfiguration = .edsrBaseline
    /// Widths of the decoding function's hidden layers, at least one; §5.2's ablation −d (Table 3) has two.
    public var hiddenWidths = [256, 256, 256, 256]
    /// Averages the predictions of the four nearest latents by area (§3, local ensemble); −e has none.
    public var localEnsemble = true
    /// Gives every latent its 3×3 neighbourhood (§3, feature unfolding); −u has none.
    public var featureUnfolding = true
    /// Tells the decoding function the size of a pixel (§3, cell decoding); −c does not.
    public var cellDecoding = true
    /// The scale, 1 or more, at whose pixel size the decoding function is told of all smaller pixels; nil for no such limit.
    /// With the greatest scale of training it never meets a cell that it has not seen. Not in the paper: released models
    /// have none.
    public var greatestCellScale: Double?
    /// Adds the bilinearly up-sampled input to the prediction. Not in the paper: released models lack it.
    public var inputSkip = false

    /// EDSR-baseline-LIIF, Table 1.
    public static let edsrBaseline = LIIFConfiguration()

    /// The paper's EDSR-baseline-LIIF.
    public init() {}

    /// How a query finds its latents.
    var search: LatentSearch { localEnsemble ? .ensemble : .nearest }

    /// Extent of the latents' neighbourhood that the decoding function sees.
    package var unfoldingExtent: Int { featureUnfolding ? 3 : 1 }

    /// Inputs of the decoding function that come from the feature map.
    package var latentInputs: Int { encoder.featureChannels * unfoldingExtent * unfoldingExtent }

    /// All inputs of the decoding function: latents, relative coordinate, relative cell.
    var decoderInputs: Int { latentInputs + 2 + (cellDecoding ? 2 : 0) }
}
