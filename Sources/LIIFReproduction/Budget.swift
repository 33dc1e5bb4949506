import LIIF
public import LIIFTraining
import RecipeFormat
import Tensors

/// How much is spent on each model of a table.
public enum Budget: Sendable, Equatable {
    /// The paper's networks and schedules: weeks on two cores.
    case paper
    /// The same rows in small: minutes each.
    case small(SmallBudget)

    /// "paper" or "small".
    public var name: String { if case .paper = self { "paper" } else { "small" } }

    /// RDN is 18 times EDSR-baseline; its rows belong to the paper's budget.
    var includesRDN: Bool { self == .paper }

    /// A recipe at this budget.
    public func applied(to recipe: TrainingRecipe) throws -> TrainingRecipe {
        switch self {
        case .paper: recipe
        case .small(let small): try small.applied(to: recipe)
        }
    }
}

/// A version of every recipe that two cores can finish: narrower and shallower networks that add to the bilinearly
/// interpolated input (without it a short training goes into learning to interpolate), fewer iterations at a higher
/// rate. The same changes for every method, so that rows can be compared with each other, not with the paper's.
public struct SmallBudget: Sendable, Equatable {
    /// Residual blocks in place of EDSR-baseline's 16.
    public var residualBlocks = 8
    /// Feature channels in place of its 64.
    public var features = 32
    /// Hidden layers of LIIF's decoder and MetaSR's keep their number and have this part of their widths.
    public var widthDivisor = 4
    /// Points of each truth at the most, where a recipe draws points.
    public var samplesPerImage = 1024
    /// Crops of a batch: half of the recipes', so that the same time makes twice the steps.
    public var batchSize = 8
    /// Times the recipe's learning rate, after a warm-up and falling as half a cosine.
    public var learningRateFactor = 20.0
    /// Iterations of linear warm-up.
    public var warmupIterations = 100
    /// Greatest norm of the gradient.
    public var gradientClip = 1.0
    /// From one validation to the next.
    public var iterationsPerEpoch = 200
    /// Epochs of the run.
    public var epochs = 15
    /// Times that validation meets each picture, at the most.
    public var validationRepetitions = 4

    /// What Docs/Results.md was made with.
    public init() {}

    /// Iterations of a run.
    public var iterations: Int { iterationsPerEpoch * epochs }

    /// A recipe made small.
    /// - Throws: `RecipeError` for a model that has no small version.
    public func applied(to recipe: TrainingRecipe) throws -> TrainingRecipe {
        var small = recipe
        small.model = withInputSkip(try shrunk(recipe.model, recipe, path: "model"))
        small.trainingData.batchSize = batchSize
        small.trainingData.wrapper = recipe.trainingData.wrapper.limited(to: samplesPerImage)
        small.validationData?.wrapper.limit(to: samplesPerImage)
        small.validationData?.repetitions = min(
            recipe.validationData?.repetitions ?? 1, validationRepetitions)
        small.optimizer.learningRate *= learningRateFactor
        small.schedule = ScheduleRecipe(warmupIterations: warmupIterations, followsCosine: true)
        small.multiStep = nil
        small.gradientClip = gradientClip
        // Not the fastest of this machine: a run goes on where there is another, and float32 stands in for what it lacks.
        small.precision = .bfloat16
        small.fixedIterationsPerEpoch = iterationsPerEpoch
        small.epochCount = epochs
        small.epochsPerValidation = 1
        small.epochsPerSave = nil
        return small
    }

    /// A model's specification with the skip; an up-sampling module that stands alone is put into LIIF's clothes for it.
    private func withInputSkip(_ model: RecipeMapping) -> RecipeMapping {
        let key = RecipeMapping.inputSkipKey
        guard case .mapping(var arguments)? = model["args"],
            model["name"] == "liif" || model["name"] == "metasr"
        else {
            return ["name": "liif", "args": .mapping(["encoder_spec": .mapping(model), key: "bilinear"])]
        }
        arguments[key] = "bilinear"
        var result = model
        result["args"] = .mapping(arguments)
        return result
    }

    /// A model's specification with every EDSR-baseline and every list of widths in it made small.
    private func shrunk(
        _ mapping: RecipeMapping, _ recipe: TrainingRecipe, path: String
    ) throws -> RecipeMapping {
        var result = mapping
        for (index, entry) in mapping.entries.enumerated() {
            let place = "\(path).\(entry.key)"
            switch entry.value {
            case .mapping(let inner):
                result.entries[index].value = .mapping(try shrunk(inner, recipe, path: place))
            case .list(let widths) where entry.key == "hidden_list":
                result.entries[index].value = .list(
                    widths.map {
                        guard case .integer(let width) = $0 else { return $0 }
                        return .integer(max(1, width / widthDivisor))
                    })
            case .string("rdn"), .string("edsr"):
                throw RecipeError.unsupported(
                    .init(file: recipe.file, line: entry.line, keyPath: place),
                    reason: "there is no small version of it; only edsr-baseline has one")
            default: break
            }
        }
        guard result["name"] == "edsr-baseline" else {
            if result["name"] == "metasr", case .mapping(var arguments)? = result["args"] {
                arguments["hidden_width"] = .integer(256 / widthDivisor)
                result["args"] = .mapping(arguments)
            }
            return result
        }
        var arguments: RecipeMapping = [
            "n_resblocks": .integer(residualBlocks), "n_feats": .integer(features), "res_scale": 1,
        ]
        if case .mapping(let own)? = result["args"] { arguments.entries += own.entries }
        result["name"] = "edsr"
        result["args"] = .mapping(arguments)
        return result
    }
}

extension SampleRecipe {
    fileprivate mutating func limit(to count: Int) { self = limited(to: count) }

    /// With at most that many points drawn of each truth; where all pixels are taken, all still are.
    fileprivate func limited(to count: Int) -> SampleRecipe {
        switch self {
        case .downsampled(let patch, let scale, let augmentation, let samples):
            .downsampled(
                inputPatchSize: patch, scale: scale, augmentation: augmentation,
                samplesPerImage: samples.map { min($0, count) })
        case .paired(let patch, let augments, let samples):
            .paired(
                inputPatchSize: patch, augments: augments, samplesPerImage: samples.map { min($0, count) })
        case .uniformlyVaried(let size, let augments, let truthSize, let samples, let inputSize):
            .uniformlyVaried(
                size: size, augments: augments, truthSize: truthSize,
                samplesPerImage: samples.map { min($0, count) }, inputSize: inputSize)
        }
    }
}
