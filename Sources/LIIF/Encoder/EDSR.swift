import NeuralNetwork
import RecipeFormat

extension EncoderConfiguration {
    /// EDSR (Lim et al. 2017); the baseline has 16 blocks of 64 channels.
    /// - Parameters:
    ///   - blocks: Residual blocks, at least 1.
    ///   - channels: D of the feature map and of every layer, at least 1.
    ///   - residualScale: What a block's sum is multiplied by before its input is added, above 0 and at most 1.
    public static func edsr(blocks: Int, channels: Int, residualScale: Float) -> EncoderConfiguration {
        EncoderConfiguration(EDSR(blocks: blocks, channels: channels, residualScale: residualScale))
    }

    /// EDSR-baseline: 16 blocks, 64 channels, residuals unscaled.
    public static let edsrBaseline = EncoderConfiguration(EDSR.baseline)
}

/// EDSR (Lim et al. 2017, figure 3): a convolution, residual blocks without batch normalisation, a convolution, and a
/// skip around them all.
struct EDSR: EncoderArchitecture {
    var blocks: Int
    var channels: Int
    var residualScale: Float

    static let baseline = EDSR(blocks: 16, channels: 64, residualScale: 1)
    /// What `edsr` is unless its `args` say otherwise: the paper's own, as the released code has it.
    static let full = EDSR(blocks: 32, channels: 256, residualScale: 0.1)

    var featureChannels: Int { channels }

    var summary: String {
        "EDSR\(self == .baseline ? "-baseline" : ""), \(blocks) residual blocks of \(channels) features"
            + (residualScale == 1 ? "" : ", residuals times \(residualScale)")
    }

    func write(into graph: inout ConvolutionGraph) -> ConvolutionGraph.Value {
        let head = graph.convolution("encoder.head.0", of: [graph.input], outputChannels: channels)
        var x = head
        for block in 0..<blocks {
            let inner = graph.convolution(
                "encoder.body.\(block).body.0", of: [x], outputChannels: channels, rectified: true)
            x = graph.convolution(
                "encoder.body.\(block).body.2", of: [inner], outputChannels: channels, addedTo: x,
                scale: residualScale)
        }
        return graph.convolution(
            "encoder.body.\(blocks)", of: [x], outputChannels: channels, addedTo: head)
    }

    var upsamplingScales: [Int] { [2, 3, 4, 8] }

    /// A shuffle by 3, or as many by 2 as the scale takes.
    func writeUpsampling(
        _ scale: Int, of features: ConvolutionGraph.Value, into graph: inout ConvolutionGraph
    ) {
        var x = features
        let factors = scale == 3 ? [3] : [Int](repeating: 2, count: scale.trailingZeroBitCount)
        for (i, factor) in factors.enumerated() {
            x = graph.upsampling("encoder.tail.0.\(2 * i)", of: x, channels: channels, factor: factor)
        }
        _ = graph.convolution(
            "encoder.tail.1", of: [x], outputChannels: ModelConfiguration.colourChannels)
    }
}

extension EDSR {
    /// From a shallower EDSR the added blocks begin as the identity (the last convolution of each is zero), so that the whole
    /// begins as the function that the shallower one computes.
    func beginning(of parameter: String, from other: any EncoderArchitecture) -> ParameterBeginning {
        guard let other = other as? EDSR, other.blocks < blocks else { return .named(parameter) }
        let last = "encoder.body.\(blocks)."
        if parameter.hasPrefix(last) {
            return .named("encoder.body.\(other.blocks)." + parameter.dropFirst(last.count))
        }
        let isAdded = (other.blocks..<blocks).contains {
            parameter.hasPrefix("encoder.body.\($0).body.2.")
        }
        return isAdded ? .zero : .named(parameter)
    }

    static let names = ["edsr-baseline", "edsr"]

    init(name: String, args: RecipeSection) throws {
        let standard = name == "edsr-baseline" ? Self.baseline : Self.full
        try args.allowOnly(
            ["n_resblocks", "n_feats", "res_scale", "rgb_range"] + EncoderConfiguration.sharedKeys)
        self.init(
            blocks: try args.integer("n_resblocks", in: 1...256) ?? standard.blocks,
            channels: try args.integer("n_feats", in: 1...1024) ?? standard.channels,
            residualScale: Float(
                try args.number("res_scale", "a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }
                    ?? Double(standard.residualScale)))
    }

    var specification: (name: String, args: RecipeMapping) {
        if self == .baseline { return ("edsr-baseline", [:]) }
        return (
            "edsr",
            [
                "n_resblocks": .integer(blocks), "n_feats": .integer(channels),
                "res_scale": .number(Double("\(residualScale)")!),
            ]
        )
    }
}
