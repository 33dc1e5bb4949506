import NeuralNetwork
import RecipeFormat

extension EncoderConfiguration {
    /// RDN (Zhang et al. 2018); the paper's has 16 blocks of 8 layers, 64 channels each. All are at least 1.
    /// - Parameters:
    ///   - blocks: Residual dense blocks, D.
    ///   - layers: Convolutions in a block, C.
    ///   - growth: Channels that each of them adds, G.
    ///   - channels: Channels of the feature map, G₀.
    public static func rdn(blocks: Int, layers: Int, growth: Int, channels: Int) -> EncoderConfiguration {
        EncoderConfiguration(RDN(blocks: blocks, layers: layers, growth: growth, channels: channels))
    }

    /// The paper's RDN: D 16, C 8, G 64, G₀ 64.
    public static let rdnPaper = rdn(blocks: 16, layers: 8, growth: 64, channels: 64)
}

/// RDN (Zhang et al. 2018, figure 2): shallow features, residual dense blocks, and the fusion of all blocks' outputs
/// with the first shallow features.
struct RDN: EncoderArchitecture {
    /// Residual dense blocks, D.
    var blocks: Int
    /// Convolutions in a block, C.
    var layers: Int
    /// Channels that each of them adds, G.
    var growth: Int
    /// Channels of the feature map, G₀.
    var channels: Int

    var featureChannels: Int { channels }

    var summary: String {
        "RDN, \(blocks) dense blocks of \(layers) layers, growth \(growth), \(channels) features"
    }

    func write(into graph: inout ConvolutionGraph) -> ConvolutionGraph.Value {
        let shallow = graph.convolution("encoder.SFENet1", of: [graph.input], outputChannels: channels)
        var x = graph.convolution("encoder.SFENet2", of: [shallow], outputChannels: channels)
        var outputs: [ConvolutionGraph.Value] = []
        for block in 0..<blocks {
            x = writeBlock("encoder.RDBs.\(block)", x, into: &graph)
            outputs.append(x)
        }
        let fused = graph.convolution("encoder.GFF.0", of: outputs, outputChannels: channels, kernel: 1)
        return graph.convolution("encoder.GFF.1", of: [fused], outputChannels: channels, addedTo: shallow)
    }

    /// Every layer reads all values before it; a 1×1 convolution fuses them, and the input is added.
    private func writeBlock(
        _ name: String, _ x: ConvolutionGraph.Value, into graph: inout ConvolutionGraph
    ) -> ConvolutionGraph.Value {
        var dense = [x]
        for layer in 0..<layers {
            dense.append(
                graph.convolution(
                    "\(name).convs.\(layer).conv.0", of: dense, outputChannels: growth, rectified: true))
        }
        return graph.convolution("\(name).LFF", of: dense, outputChannels: channels, kernel: 1, addedTo: x)
    }

    var upsamplingScales: [Int] { [2, 3, 4] }

    /// One shuffle for ×2 and ×3, two by 2 for ×4; G channels between.
    func writeUpsampling(
        _ scale: Int, of features: ConvolutionGraph.Value, into graph: inout ConvolutionGraph
    ) {
        var x = features
        let factors = scale == 4 ? [2, 2] : [scale]
        for (i, factor) in factors.enumerated() {
            x = graph.upsampling("encoder.UPNet.\(2 * i)", of: x, channels: growth, factor: factor)
        }
        _ = graph.convolution(
            "encoder.UPNet.\(2 * factors.count)", of: [x],
            outputChannels: ModelConfiguration.colourChannels)
    }
}

extension RDN {
    static let names = ["rdn"]

    /// The release's configurations A (D 20, C 6, G 32) and B (D 16, C 8, G 64); ours beside them: D, C and G.
    init(name: String, args: RecipeSection) throws {
        try args.allowOnly(
            ["G0", "RDNkSize", "RDNconfig", "D", "C", "G"] + EncoderConfiguration.sharedKeys)
        _ = try args.integer("RDNkSize", in: 3...3)
        let isA = try args.choice("RDNconfig", of: ["A", "B"]) == "A"
        self.init(
            blocks: try args.integer("D", in: 1...64) ?? (isA ? 20 : 16),
            layers: try args.integer("C", in: 1...64) ?? (isA ? 6 : 8),
            growth: try args.integer("G", in: 1...512) ?? (isA ? 32 : 64),
            channels: try args.integer("G0", in: 1...512) ?? 64)
    }

    var specification: (name: String, args: RecipeMapping) {
        // As the release can say it, where it can.
        switch (blocks, layers, growth) {
        case (16, 8, 64): return ("rdn", channels == 64 ? [:] : ["G0": .integer(channels)])
        case (20, 6, 32): return ("rdn", ["RDNconfig": "A", "G0": .integer(channels)])
        default:
            return (
                "rdn",
                [
                    "D": .integer(blocks), "C": .integer(layers), "G": .integer(growth),
                    "G0": .integer(channels),
                ]
            )
        }
    }
}
