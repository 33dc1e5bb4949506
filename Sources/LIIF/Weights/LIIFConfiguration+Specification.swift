package import RecipeFormat

/// The released schema of a model, as it stands in configurations and checkpoints:
/// `{name: liif, args: {encoder_spec: {…}, imnet_spec: {…}, local_ensemble, feat_unfold, cell_decode}}`,
/// and ours beside it: `input_skip`.
extension LIIFConfiguration {
    /// - Throws: `RecipeError` naming the key that is unknown, missing or wrong.
    package init(_ section: RecipeSection) throws {
        try section.allowOnly(["name", "args"])
        let name = try section.require(section.choice("name", of: ["liif"]), "name", "liif")
        precondition(name == "liif")
        let args = try section.require(section.section("args"), "args", "{encoder_spec: …, imnet_spec: …}")
        try args.allowOnly([
            "encoder_spec", "imnet_spec", "local_ensemble", "feat_unfold", "cell_decode", "input_skip",
        ])
        self.init()
        encoder = try EncoderConfiguration(
            args.require(args.section("encoder_spec"), "encoder_spec", "{name: edsr-baseline, args: …}"))
        let network = try args.require(
            args.section("imnet_spec"), "imnet_spec", "{name: mlp, args: {out_dim: 3, hidden_list: […]}}")
        try network.allowOnly(["name", "args"])
        _ = try network.require(network.choice("name", of: ["mlp"]), "name", "mlp")
        let shape = try network.require(network.section("args"), "args", "{out_dim: 3, hidden_list: […]}")
        try shape.allowOnly(["out_dim", "hidden_list"])
        _ = try shape.require(shape.integer("out_dim", in: 3...3), "out_dim", "3")
        hiddenWidths = try shape.require(
            shape.integers("hidden_list", "at least one width from 1 to 4096") {
                !$0.isEmpty && $0.count <= 64 && $0.allSatisfy { (1...4096).contains($0) }
            }, "hidden_list", "[256, 256, 256, 256]")
        localEnsemble = try args.bool("local_ensemble") ?? true
        featureUnfolding = try args.bool("feat_unfold") ?? true
        cellDecoding = try args.bool("cell_decode") ?? true
        inputSkip = try args.choice("input_skip", of: ["none", "bilinear"]) == "bilinear"
    }

    /// The model as a specification; reads back as an equal configuration.
    package var specification: RecipeMapping {
        var args: RecipeMapping = [
            "encoder_spec": .mapping(encoder.specification),
            "imnet_spec": .mapping([
                "name": "mlp",
                "args": .mapping(["out_dim": 3, "hidden_list": .list(hiddenWidths.map { .integer($0) })]),
            ]),
        ]
        if !localEnsemble { args["local_ensemble"] = false }
        if !featureUnfolding { args["feat_unfold"] = false }
        if !cellDecoding { args["cell_decode"] = false }
        if inputSkip { args["input_skip"] = "bilinear" }
        return ["name": "liif", "args": .mapping(args)]
    }
}

extension EncoderConfiguration {
    /// `{name: edsr-baseline | edsr | rdn, args: {no_upsampling: true, …}}`
    package init(_ section: RecipeSection) throws {
        try section.allowOnly(["name", "args"])
        let names = ["edsr-baseline", "edsr", "rdn"]
        let name = try section.require(
            section.choice("name", of: names), "name", names.joined(separator: " or "))
        let args = try section.require(section.section("args"), "args", "{no_upsampling: true}")
        self = try name == "rdn" ? Self.rdn(args) : Self.edsr(args, isBaseline: name == "edsr-baseline")
        guard try args.bool("no_upsampling") == true else {
            throw args.wrong(
                "no_upsampling", expected: "true: LIIF takes the place of the up-sampling module")
        }
    }

    private static func edsr(_ args: RecipeSection, isBaseline: Bool) throws -> EncoderConfiguration {
        try args.allowOnly(["n_resblocks", "n_feats", "res_scale", "no_upsampling", "scale", "rgb_range"])
        return .edsr(
            blocks: try args.integer("n_resblocks", in: 1...256) ?? (isBaseline ? 16 : 32),
            channels: try args.integer("n_feats", in: 1...1024) ?? (isBaseline ? 64 : 256),
            residualScale: Float(
                try args.number("res_scale", "a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }
                    ?? (isBaseline ? 1 : 0.1)))
    }

    /// The release's configurations A (D 20, C 6, G 32) and B (D 16, C 8, G 64); ours beside them: D, C and G.
    private static func rdn(_ args: RecipeSection) throws -> EncoderConfiguration {
        try args.allowOnly(["G0", "RDNkSize", "RDNconfig", "D", "C", "G", "no_upsampling", "scale"])
        _ = try args.integer("RDNkSize", in: 3...3)
        let isA = try args.choice("RDNconfig", of: ["A", "B"]) == "A"
        return .rdn(
            blocks: try args.integer("D", in: 1...64) ?? (isA ? 20 : 16),
            layers: try args.integer("C", in: 1...64) ?? (isA ? 6 : 8),
            growth: try args.integer("G", in: 1...512) ?? (isA ? 32 : 64),
            channels: try args.integer("G0", in: 1...512) ?? 64)
    }

    /// The encoder as a specification; reads back as an equal configuration.
    package var specification: RecipeMapping {
        switch self {
        case .edsrBaseline:
            return ["name": "edsr-baseline", "args": .mapping(["no_upsampling": true])]
        case .edsr(let blocks, let channels, let scale):
            return [
                "name": "edsr",
                "args": .mapping([
                    "n_resblocks": .integer(blocks), "n_feats": .integer(channels),
                    "res_scale": .number(Double("\(scale)")!), "no_upsampling": true,
                ]),
            ]
        case .rdnPaper:
            return ["name": "rdn", "args": .mapping(["no_upsampling": true])]
        case .rdn(let blocks, let layers, let growth, let channels):
            return [
                "name": "rdn",
                "args": .mapping([
                    "D": .integer(blocks), "C": .integer(layers), "G": .integer(growth),
                    "G0": .integer(channels),
                    "no_upsampling": true,
                ]),
            ]
        }
    }
}
