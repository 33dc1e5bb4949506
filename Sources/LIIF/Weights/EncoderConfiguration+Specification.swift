package import RecipeFormat

/// `{name: edsr-baseline | edsr | rdn, args: {…, no_upsampling: true}}`, or with `scale` the encoder with its
/// up-sampling module.
extension EncoderConfiguration {
    /// Keys of `args` that every encoder has.
    package static let sharedKeys = ["no_upsampling", "scale"]

    /// Names of all encoders.
    package static var names: [String] { known.flatMap { $0.names } }

    /// Reads a specification.
    /// - Returns: The encoder, and the scale of its up-sampling module, nil for `no_upsampling: true`.
    /// - Throws: `RecipeError` naming the key that is unknown, missing or wrong.
    package static func read(_ section: RecipeSection) throws -> (
        encoder: EncoderConfiguration, upsamplingScale: Int?
    ) {
        try section.allowOnly(["name", "args"])
        let name = try section.require(
            section.choice("name", of: names), "name", names.joined(separator: " or "))
        let args = try section.section("args") ?? RecipeSection([:], at: section.place(of: "args"))
        let kind = known.first { $0.names.contains(name) }!
        let encoder = EncoderConfiguration(try kind.init(name: name, args: args))
        if try args.bool("no_upsampling") == true { return (encoder, nil) }
        // 2 is the release's default.
        let scale = try args.integer("scale", in: 1...1024) ?? 2
        guard encoder.upsamplingScales.contains(scale) else {
            let scales = encoder.upsamplingScales.map(String.init).joined(separator: ", ")
            throw args.wrong(
                "scale", expected: "a scale that \(name)'s up-sampling module exists for: \(scales)")
        }
        return (encoder, scale)
    }

    /// The encoder as a specification; reads back as an equal configuration.
    /// - Parameter upsamplingScale: The scale of its up-sampling module; nil for none.
    package func specification(upsamplingScale: Int? = nil) -> RecipeMapping {
        var (name, args) = architecture.specification
        if let upsamplingScale {
            args["scale"] = .integer(upsamplingScale)
        } else {
            args["no_upsampling"] = true
        }
        return ["name": .string(name), "args": .mapping(args)]
    }
}
