import RecipeFormat

/// `multi_step_lr`: the rate is multiplied by `gamma` after each of the epochs named.
public struct MultiStepRecipe: Sendable, Equatable {
    /// Epochs, from 1, ascending: after the end of each the rate falls.
    public var milestones: [Int]
    /// The factor.
    public var gamma: Double

    /// Falls by `gamma` after each of the ascending `milestones`.
    public init(milestones: [Int], gamma: Double) {
        self.milestones = milestones
        self.gamma = gamma
    }

    init(_ section: RecipeSection) throws {
        try section.allowOnly(["milestones", "gamma"])
        let milestones = try section.integers("milestones", "ascending epochs of at least 1") { list in
            list.allSatisfy { $0 >= 1 } && zip(list, list.dropFirst()).allSatisfy { $0 < $1 }
        }
        self.init(
            milestones: try section.require(milestones, "milestones", "a list of epochs"),
            gamma: try section.number("gamma", "a number above 0") { $0 > 0 } ?? 0.1)
    }

    var mapping: RecipeMapping {
        ["milestones": .list(milestones.map { .integer($0) }), "gamma": .number(gamma)]
    }
}

/// `schedule`, ours: a linear warm-up, then the full rate, then optionally half a cosine down to a floor.
public struct ScheduleRecipe: Sendable, Equatable {
    /// `warmup`: iterations over which the rate rises linearly from 0; 0 for none.
    public var warmupIterations: Int
    /// `hold`: iterations at the full rate between the warm-up and the cosine; only with `cosine`.
    public var holdIterations: Int
    /// `cosine`: whether the rate then follows half a cosine to the last iteration.
    public var followsCosine: Bool
    /// `floor`: the fraction of the optimizer's rate that the cosine ends at, 0…1; only with `cosine`.
    public var floor: Double

    /// By default the constant rate.
    public init(
        warmupIterations: Int = 0, holdIterations: Int = 0, followsCosine: Bool = false, floor: Double = 0
    ) {
        self.warmupIterations = warmupIterations
        self.holdIterations = holdIterations
        self.followsCosine = followsCosine
        self.floor = floor
    }

    init(_ section: RecipeSection) throws {
        try section.allowOnly(["warmup", "hold", "cosine", "floor"])
        self.init(
            warmupIterations: try section.integer("warmup", in: 0...1_000_000_000) ?? 0,
            holdIterations: try section.integer("hold", in: 0...1_000_000_000) ?? 0,
            followsCosine: try section.bool("cosine") ?? false,
            floor: try section.number("floor", "a fraction of lr from 0 to 1") { (0...1).contains($0) } ?? 0)
        if holdIterations > 0 && !followsCosine {
            throw section.wrong(
                "hold", expected: "none without `cosine: true`, for it ends where the cosine begins")
        }
        if floor > 0 && !followsCosine {
            throw section.wrong(
                "floor", expected: "none without `cosine: true`, for it is where the cosine ends")
        }
    }

    var mapping: RecipeMapping {
        [
            "warmup": .integer(warmupIterations), "hold": .integer(holdIterations),
            "cosine": .bool(followsCosine), "floor": .number(floor),
        ]
    }
}
