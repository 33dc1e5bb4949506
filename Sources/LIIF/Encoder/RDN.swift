import NeuralNetwork

extension ConvolutionGraph {
    /// RDN (Zhang et al. 2018, figure 2) up to its last feature map: shallow features, residual dense blocks,
    /// and the fusion of all blocks' outputs with the first shallow features.
    /// - Parameters:
    ///   - blocks: Residual dense blocks, D.
    ///   - layers: Convolutions in a block, C.
    ///   - growth: Channels that each of them adds, G.
    ///   - channels: Channels of the feature map, G₀.
    mutating func rdn(blocks: Int, layers: Int, growth: Int, channels: Int) -> Value {
        let shallow = convolution("encoder.SFENet1", of: [input], outputChannels: channels)
        var x = convolution("encoder.SFENet2", of: [shallow], outputChannels: channels)
        var outputs: [Value] = []
        for block in 0..<blocks {
            x = residualDenseBlock("encoder.RDBs.\(block)", x, layers: layers, growth: growth)
            outputs.append(x)
        }
        let fused = convolution("encoder.GFF.0", of: outputs, outputChannels: channels, kernel: 1)
        return convolution("encoder.GFF.1", of: [fused], outputChannels: channels, addedTo: shallow)
    }

    /// Every layer reads all values before it; a 1×1 convolution fuses them, and the input is added.
    private mutating func residualDenseBlock(_ name: String, _ x: Value, layers: Int, growth: Int) -> Value {
        var dense = [x]
        for layer in 0..<layers {
            dense.append(
                convolution(
                    "\(name).convs.\(layer).conv.0", of: dense, outputChannels: growth, rectified: true))
        }
        return convolution("\(name).LFF", of: dense, outputChannels: channels[x.index], kernel: 1, addedTo: x)
    }
}
