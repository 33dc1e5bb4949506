package import RecipeFormat

/// The released schema of a model, as it stands in configurations and checkpoints:
///
/// - `{name: liif, args: {encoder_spec, imnet_spec, local_ensemble, feat_unfold, cell_decode}}`;
/// - `{name: metasr, args: {encoder_spec}}`, and ours beside it: `hidden_width`;
/// - an up-sampling module, `{name: liif, args: {encoder_spec: {…, args: {scale: 2}}}}` without `imnet_spec`, or the
///   encoder alone, `{name: edsr-baseline, args: {scale: 2}}`.
///
/// `args` of `liif` and `metasr` may also hold ours, `input_skip`, those of `liif` also `cell_scale_max`.
extension ModelConfiguration {
    /// - Throws: `RecipeError` naming the key that is unknown, missing or wrong.
    package init(_ section: RecipeSection) throws {
        try section.allowOnly(["name", "args"])
        let names = ["liif", "metasr"] + EncoderConfiguration.names
        switch try section.require(
            section.choice("name", of: names), "name", names.joined(separator: " or "))
        {
        case "liif": self = try Self.liif(section)
        case "metasr": self = .metaSR(try MetaSRConfiguration(section))
        default:
            let (encoder, scale) = try EncoderConfiguration.read(section)
            guard let scale else {
                throw RecipeError.unsupported(
                    section.place(of: "args"),
                    reason:
                        "an encoder without its up-sampling module makes no picture; give the `scale` of the "
                        + "module, or make it the encoder_spec of a liif or metasr model")
            }
            self = .upsampling(UpsamplingConfiguration(encoder: encoder, scale: scale))
        }
    }

    /// A LIIF model, or as the release has it, an up-sampling module in LIIF's clothes.
    private static func liif(_ section: RecipeSection) throws -> ModelConfiguration {
        let args = try section.require(section.section("args"), "args", "{encoder_spec: …, imnet_spec: …}")
        try args.allowOnly(LIIFConfiguration.keys)
        let (encoder, scale) = try EncoderConfiguration.read(
            args.require(args.section("encoder_spec"), "encoder_spec", "{name: edsr-baseline, args: …}"))
        switch (try args.section("imnet_spec"), scale) {
        case (nil, let scale?):
            return .upsampling(
                UpsamplingConfiguration(encoder: encoder, scale: scale, inputSkip: try args.inputSkip()))
        case (_?, nil), (nil, nil): return .liif(try LIIFConfiguration(encoder: encoder, args))
        case (_?, _?): throw args.upsamplingUnderADecoder()
        }
    }

    /// The model as a specification; reads back as an equal configuration.
    package var specification: RecipeMapping {
        switch self {
        case .liif(let configuration): return configuration.specification
        case .metaSR(let configuration): return configuration.specification
        case .upsampling(let configuration):
            let encoder = configuration.encoder.specification(upsamplingScale: configuration.scale)
            var args: RecipeMapping = ["encoder_spec": .mapping(encoder)]
            args.setInputSkip(configuration.inputSkip)
            return ["name": "liif", "args": .mapping(args)]
        }
    }
}

extension LIIFConfiguration {
    /// Ours: `greatestCellScale`.
    private static let cellScaleKey = "cell_scale_max"

    fileprivate static let keys = [
        "encoder_spec", "imnet_spec", "local_ensemble", "feat_unfold", "cell_decode", cellScaleKey,
        RecipeMapping.inputSkipKey,
    ]

    fileprivate init(encoder: EncoderConfiguration, _ args: RecipeSection) throws {
        self.init()
        self.encoder = encoder
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
        greatestCellScale = try args.number(Self.cellScaleKey, "a scale of 1 to 1024") {
            (1...1024).contains($0)
        }
        guard cellDecoding || greatestCellScale == nil else {
            throw args.wrong(Self.cellScaleKey, expected: "none where cell_decode is false")
        }
        inputSkip = try args.inputSkip()
    }

    /// The model as a specification; reads back as an equal configuration.
    package var specification: RecipeMapping {
        var args: RecipeMapping = [
            "encoder_spec": .mapping(encoder.specification()),
            "imnet_spec": .mapping([
                "name": "mlp",
                "args": .mapping(["out_dim": 3, "hidden_list": .list(hiddenWidths.map { .integer($0) })]),
            ]),
        ]
        if !localEnsemble { args["local_ensemble"] = false }
        if !featureUnfolding { args["feat_unfold"] = false }
        if !cellDecoding { args["cell_decode"] = false }
        if let greatestCellScale { args[Self.cellScaleKey] = .number(greatestCellScale) }
        args.setInputSkip(inputSkip)
        return ["name": "liif", "args": .mapping(args)]
    }
}

extension MetaSRConfiguration {
    /// The release's, which it does not write down.
    private static let releasedHiddenWidth = 256

    fileprivate init(_ section: RecipeSection) throws {
        let args = try section.require(section.section("args"), "args", "{encoder_spec: …}")
        try args.allowOnly(["encoder_spec", "hidden_width", RecipeMapping.inputSkipKey])
        let (encoder, scale) = try EncoderConfiguration.read(
            args.require(args.section("encoder_spec"), "encoder_spec", "{name: edsr-baseline, args: …}"))
        guard scale == nil else { throw args.upsamplingUnderADecoder() }
        self.init(
            encoder: encoder,
            hiddenWidth: try args.integer("hidden_width", in: 1...4096) ?? Self.releasedHiddenWidth,
            inputSkip: try args.inputSkip())
    }

    /// The model as a specification; reads back as an equal configuration.
    package var specification: RecipeMapping {
        var args: RecipeMapping = ["encoder_spec": .mapping(encoder.specification())]
        if hiddenWidth != Self.releasedHiddenWidth { args["hidden_width"] = .integer(hiddenWidth) }
        args.setInputSkip(inputSkip)
        return ["name": "metasr", "args": .mapping(args)]
    }
}

extension RecipeMapping {
    /// Ours: "none" or "bilinear".
    package static let inputSkipKey = "input_skip"

    /// Written only where there is one, so that the paper's models read as the release wrote them.
    fileprivate mutating func setInputSkip(_ isOn: Bool) { if isOn { self[Self.inputSkipKey] = "bilinear" } }
}

extension RecipeSection {
    fileprivate func inputSkip() throws -> Bool {
        try choice(RecipeMapping.inputSkipKey, of: ["none", "bilinear"]) == "bilinear"
    }

    /// The error for `no_upsampling` that is missing under a decoder.
    fileprivate func upsamplingUnderADecoder() -> RecipeError {
        let encoder = try? section("encoder_spec")
        let args = try? encoder?.section("args")
        return (args ?? encoder ?? self).wrong(
            "no_upsampling", expected: "true: the decoder takes the place of the up-sampling module")
    }
}
