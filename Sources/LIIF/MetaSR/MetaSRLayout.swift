import NeuralNetwork

/// The meta-upscale module's parameters and how they are run (Docs/Decisions/0009).
///
/// For each pixel a network 3 → width → 9·D·3 predicts a matrix [9·D, 3] that the unfolded latent u is multiplied by.
/// Its last layer is linear in the hidden activations h, so
///
///     colour[o] = ∑ₖ u[k]·(∑ⱼ W[k·3 + o, j]·h[j] + b[k·3 + o]) = ∑ⱼ T[o, j]·h[j] + t[o]
///
/// with T[o, j] = ∑ₖ u[k]·W[k·3 + o, j] and t[o] = ∑ₖ u[k]·b[k·3 + o]: a 3×3 convolution of the feature map, once for
/// each latent. PyTorch's names: `imnet.layers.0`, `imnet.layers.2`.
struct MetaSRLayout: Sendable {
    /// How a query finds its latent.
    let search = LatentSearch.corner
    /// The hidden layer's width.
    let width: Int
    /// D.
    let featureChannels: Int
    /// Weights [width, 3] over (relative y, relative x, cell) and bias [width] of the hidden layer.
    let hiddenWeight, hiddenBias: Int
    /// Weights [9·D·3, width] and bias [9·D·3] of the predicted matrix.
    let matrixWeight, matrixBias: Int

    /// Adds the module's parameters to the encoder's.
    init(_ configuration: MetaSRConfiguration, parameters: inout ParameterLayout) {
        width = configuration.hiddenWidth
        featureChannels = configuration.encoder.featureChannels
        let outputs = featureChannels * 9 * ModelConfiguration.colourChannels
        hiddenWeight = parameters.add("imnet.layers.0.weight", shape: [width, 3], fanIn: 3)
        hiddenBias = parameters.add("imnet.layers.0.bias", shape: [width], fanIn: 3)
        matrixWeight = parameters.add("imnet.layers.2.weight", shape: [outputs, width], fanIn: width)
        matrixBias = parameters.add("imnet.layers.2.bias", shape: [outputs], fanIn: width)
    }

    /// 9·D, the inputs of a latent's table.
    var tableInputs: Int { featureChannels * 9 }

    /// Floats of a latent's table: T row by row, then t, filled up with zeros to a multiple of 16.
    var tableSize: Int { (3 * width + 3 + 15) / 16 * 16 }

    /// The latent whose cell holds the top left corner of a queried pixel, as the release finds it.
    /// - Parameters:
    ///   - coordinate: The pixel's centre.
    ///   - cell: The pixel's extent.
    ///   - count: Latents on the axis.
    /// - Returns: `relative` is the corner's offset from the latent's own top left corner in latent spacings, about
    ///   0…1.
    static func neighbour(of coordinate: Float, cell: Float, count: Int) -> LocalEnsemble.Neighbour {
        let corner = coordinate - cell / 2
        let index = LocalEnsemble.index(of: corner + Float(LocalEnsemble.nudge), count: count)
        let latentCorner = LocalEnsemble.pixelCentre(index, of: count) - Float(1 / Double(count))
        return LocalEnsemble.Neighbour(
            index: Int32(index), relative: (corner - latentCorner) * Float(Double(count) / 2))
    }
}
