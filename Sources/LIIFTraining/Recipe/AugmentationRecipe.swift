import RecipeFormat

/// How `sr-implicit-downsampled` varies the crops that it cuts. The release has `augment` alone; the other two are ours.
public struct AugmentationRecipe: Sendable, Equatable {
    /// `augment`: flips and transpose, each with probability one half.
    public var turns: Bool
    /// `permute_channels`: half of the crops have their red, green and blue exchanged, all six orders being equally probable.
    public var permutesChannels: Bool
    /// `gt_reduction_max`: half of the truths are cut larger, by a factor drawn uniformly from 1 to this (or as large as the
    /// picture allows), and reduced to their size by Pillow's bicubic before anything else. 1 is none.
    public var greatestReduction: Double

    /// Crops as they are, but for what is given.
    public init(turns: Bool = false, permutesChannels: Bool = false, greatestReduction: Double = 1) {
        self.turns = turns
        self.permutesChannels = permutesChannels
        self.greatestReduction = greatestReduction
    }

    static let keys = ["augment", "permute_channels", "gt_reduction_max"]

    init(_ arguments: RecipeSection) throws {
        turns = try arguments.bool("augment") ?? false
        permutesChannels = try arguments.bool("permute_channels") ?? false
        greatestReduction =
            try arguments.number("gt_reduction_max", "a number from 1 to 16") { (1...16).contains($0) } ?? 1
    }

    func write(to arguments: inout RecipeMapping) {
        arguments["augment"] = .bool(turns)
        if permutesChannels { arguments["permute_channels"] = .bool(true) }
        if greatestReduction > 1 { arguments["gt_reduction_max"] = .number(greatestReduction) }
    }
}
