import RecipeFormat

/// `wrapper`: how a picture becomes a training sample.
public enum SampleRecipe: Sendable, Equatable {
    /// `sr-implicit-downsampled`: a crop of the picture is the truth, the crop resized is the input.
    ///
    /// - inputPatchSize: `inp_size`, pixels; nil takes the whole picture.
    /// - scale: `scale_min`…`scale_max`, 1…1000, drawn uniformly for each sample.
    /// - augmentation: how crops are varied.
    /// - samplesPerImage: `sample_q`, pixels of the truth; nil takes all in order.
    case downsampled(
        inputPatchSize: Int?, scale: ClosedRange<Double>, augmentation: AugmentationRecipe,
        samplesPerImage: Int?)
    /// `sr-implicit-paired`: aligned crops of two pictures whose sizes are a whole scale apart.
    case paired(inputPatchSize: Int?, augments: Bool, samplesPerImage: Int?)
    /// `sr-implicit-uniform-varied`: whole pictures, the truth at sizes that grow with the picture's index.
    ///
    /// - size: `size_min`…`size_max`, the truth's shorter side in pixels.
    /// - truthSize: `gt_resize`, to which the truth is resized afterwards.
    /// - inputSize: `inp_size`, ours and for an `image-folder` alone: the input is the picture resized to it; nil is
    ///   `size_min`.
    case uniformlyVaried(
        size: ClosedRange<Int>, augments: Bool, truthSize: Int?, samplesPerImage: Int?, inputSize: Int? = nil)
}

extension SampleRecipe {
    private static let downsampledName = "sr-implicit-downsampled"
    private static let pairedName = "sr-implicit-paired"
    private static let variedName = "sr-implicit-uniform-varied"

    init(_ section: RecipeSection, isPaired: Bool) throws {
        try section.allowOnly(["name", "args"])
        let names = [Self.downsampledName, Self.pairedName, Self.variedName]
        let name = try section.require(
            try section.choice("name", of: names), "name", names.joined(separator: " or "))
        let arguments = try section.section("args") ?? RecipeSection([:], at: section.place(of: "args"))
        let sizes = 1...65536
        switch name {
        case Self.downsampledName:
            guard !isPaired else {
                throw RecipeError.unsupported(
                    section.place(of: "name"),
                    reason: "\(name) takes an image-folder, not paired-image-folders")
            }
            try arguments.allowOnly(
                ["inp_size", "scale_min", "scale_max", "sample_q"] + AugmentationRecipe.keys)
            // Below 1 the input would be larger than what it was made of.
            let low =
                try arguments.number("scale_min", "a number from 1 to 1000") { (1...1000).contains($0) } ?? 1
            let high =
                try arguments.number(
                    "scale_max", "a number of at least scale_min (\(low)) and at most 1000"
                ) { (low...1000).contains($0) } ?? low
            let patch = try arguments.integer("inp_size", in: sizes)
            let augmentation = try AugmentationRecipe(arguments)
            guard patch != nil || augmentation.greatestReduction == 1 else {
                throw RecipeError.unsupported(
                    arguments.place(of: "gt_reduction_max"),
                    reason: "only crops are cut larger; give inp_size, or leave it out")
            }
            self = .downsampled(
                inputPatchSize: patch, scale: low...high, augmentation: augmentation,
                samplesPerImage: try arguments.integer("sample_q", in: 1...Int.max))
        case Self.pairedName:
            guard isPaired else {
                throw RecipeError.unsupported(
                    section.place(of: "name"),
                    reason: "\(name) takes paired-image-folders, not an image-folder")
            }
            try arguments.allowOnly(["inp_size", "augment", "sample_q"])
            self = .paired(
                inputPatchSize: try arguments.integer("inp_size", in: sizes),
                augments: try arguments.bool("augment") ?? false,
                samplesPerImage: try arguments.integer("sample_q", in: 1...Int.max))
        default:
            try arguments.allowOnly([
                "size_min", "size_max", "augment", "gt_resize", "sample_q", "inp_size",
            ])
            let inputSize = try arguments.integer("inp_size", in: sizes)
            guard inputSize == nil || !isPaired else {
                throw RecipeError.unsupported(
                    arguments.place(of: "inp_size"),
                    reason: "paired-image-folders bring their inputs; leave it out, or use an image-folder")
            }
            let low = try arguments.require(
                try arguments.integer("size_min", in: sizes), "size_min", "a size in pixels")
            let high = try arguments.integer("size_max", in: low...65536) ?? low
            self = .uniformlyVaried(
                size: low...high, augments: try arguments.bool("augment") ?? false,
                truthSize: try arguments.integer("gt_resize", in: sizes),
                samplesPerImage: try arguments.integer("sample_q", in: 1...Int.max), inputSize: inputSize)
        }
    }

    var mapping: RecipeMapping {
        var arguments = RecipeMapping()
        func set(_ key: String, _ value: Int?) { if let value { arguments[key] = .integer(value) } }
        let name: String
        switch self {
        case .downsampled(let patch, let scale, let augmentation, let samples):
            name = Self.downsampledName
            set("inp_size", patch)
            arguments["scale_min"] = .number(scale.lowerBound)
            arguments["scale_max"] = .number(scale.upperBound)
            augmentation.write(to: &arguments)
            set("sample_q", samples)
        case .paired(let patch, let augments, let samples):
            name = Self.pairedName
            set("inp_size", patch)
            arguments["augment"] = .bool(augments)
            set("sample_q", samples)
        case .uniformlyVaried(let size, let augments, let truthSize, let samples, let inputSize):
            name = Self.variedName
            set("inp_size", inputSize)
            set("size_min", size.lowerBound)
            set("size_max", size.upperBound)
            arguments["augment"] = .bool(augments)
            set("gt_resize", truthSize)
            set("sample_q", samples)
        }
        return ["name": .string(name), "args": .mapping(arguments)]
    }
}
