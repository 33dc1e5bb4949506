public import LIIF
public import RecipeFormat
public import Tensors

/// A training run as a file describes it, in the released code's schema with a few keys of our own.
///
/// Released: `train_dataset`, `val_dataset`, `data_norm`, `model`, `optimizer`, `epoch_max`, `multi_step_lr`,
/// `epoch_val`, `epoch_save`, `resume`, `eval_type`, `eval_bsize`. Ours, all off by default: `seed`, `precision`,
/// `schedule`, `loss`, `ema`, `gradient_clip`, `iterations_per_epoch`, `initial_weights`, and an optimizer named `muon`.
public struct TrainingRecipe: Sendable, Equatable {
    /// The file it was read from, for errors.
    public var file: String
    /// `train_dataset`.
    public var trainingData: DatasetRecipe
    /// `val_dataset`; nil when the run is not validated.
    public var validationData: DatasetRecipe?
    /// `data_norm`.
    public var normalization: PixelNormalization
    /// `model`: a mapping with `name` and `args`, interpreted by the model it names.
    public var model: RecipeMapping
    /// `optimizer`.
    public var optimizer: OptimizerRecipe
    /// `epoch_max`: epochs of the whole run.
    public var epochCount: Int
    /// `multi_step_lr`.
    public var multiStep: MultiStepRecipe?
    /// `epoch_val`: epochs from one validation to the next; nil for none.
    public var epochsPerValidation: Int?
    /// `epoch_save`: epochs from one kept checkpoint to the next; nil keeps only the last.
    public var epochsPerSave: Int?
    /// `resume`: the checkpoint to go on from, of `liif train` or of the released code (`.pth`).
    public var resume: String?
    /// `eval_type`: how validation measures.
    public var validationProtocol: EvaluationProtocol
    /// `eval_bsize`: accepted as part of the released schema; results do not depend on it.
    public var queriesPerBatch: Int?

    /// `seed`, ours: decides weights, order, crops and augmentation. Default 1.
    public var seed: UInt64
    /// `precision`, ours. Default float32, which also stands in where the processor has no BF16.
    public var precision: Precision
    /// `schedule`, ours: warm-up and cosine instead of, or before, `multi_step_lr`.
    public var schedule: ScheduleRecipe?
    /// `loss`, ours. Default `l1`, the paper's.
    public var loss: TrainingLoss
    /// `ema`, ours: decay per iteration of the running mean of the weights that is validated and kept; nil for none.
    public var averageDecay: Double?
    /// `gradient_clip`, ours: the greatest norm of the whole gradient; nil for none.
    public var gradientClip: Double?
    /// `iterations_per_epoch`, ours; nil takes every sample once.
    public var fixedIterationsPerEpoch: Int?
    /// `initial_weights`, ours: a model's file (.safetensors or .pth) or name, or `default` for the embedded one, whose
    /// parameters the run begins with where names and shapes agree; an EDSR may be deeper than the model's. Nil draws all.
    public var initialWeights: String?

    /// Iterations of one epoch over a data set of that many samples; the last batch may be smaller, as in the release.
    public func iterationsPerEpoch(sampleCount: Int) -> Int {
        fixedIterationsPerEpoch ?? EpochOrder.batchCount(of: sampleCount, size: trainingData.batchSize)
    }

    /// `model` with its place, for a reader that checks every key of it.
    package var modelSection: RecipeSection {
        RecipeSection(model, at: .init(file: file, keyPath: "model"))
    }

    /// Whether two recipes say the same, whatever files they stand in.
    public static func == (a: TrainingRecipe, b: TrainingRecipe) -> Bool { a.mapping == b.mapping }
}

extension TrainingRecipe {
    private static let releasedKeys = [
        "train_dataset", "val_dataset", "data_norm", "model", "optimizer", "epoch_max", "multi_step_lr",
        "epoch_val", "epoch_save", "resume", "eval_type", "eval_bsize",
    ]
    private static let ourKeys = [
        "seed", "precision", "schedule", "loss", "ema", "gradient_clip", "iterations_per_epoch",
        "initial_weights",
    ]

    /// Reads a recipe file.
    ///
    /// - Throws: `RecipeError`, naming the file, the line and the key.
    public init(contentsOf path: String) throws {
        try self.init(RecipeMapping(contentsOf: path), file: path)
    }

    /// - Parameter file: the name that errors give.
    /// - Throws: `RecipeError`, naming the file, the line and the key.
    public init(_ mapping: RecipeMapping, file: String) throws {
        let section = RecipeSection(mapping, at: .init(file: file))
        try section.allowOnly(Self.releasedKeys + Self.ourKeys)
        self.file = file
        trainingData = try DatasetRecipe(
            section.require(section.section("train_dataset"), "train_dataset", "the pictures to learn from"))
        validationData = try section.section("val_dataset").map { try DatasetRecipe($0) }
        normalization = try section.section("data_norm").map { try PixelNormalization($0) } ?? .identity

        let model = try section.require(section.section("model"), "model", "{name: liif, args: {…}}")
        try model.allowOnly(["name", "args"])
        _ = try model.require(model.string("name"), "name", "the model's name, such as liif")
        _ = try model.section("args")
        self.model = model.mapping

        optimizer = try OptimizerRecipe(
            section.require(section.section("optimizer"), "optimizer", "{name: adam, args: {lr: 1.e-4}}"))
        let epochs = 1...1_000_000_000
        epochCount = try section.require(
            section.integer("epoch_max", in: epochs), "epoch_max", "the number of epochs, such as 1000")
        multiStep = try section.section("multi_step_lr").map { try MultiStepRecipe($0) }
        epochsPerValidation = try section.integer("epoch_val", in: epochs)
        epochsPerSave = try section.integer("epoch_save", in: epochs)
        resume = try section.string("resume")
        validationProtocol = try EvaluationProtocol(section)
        queriesPerBatch = try section.integer("eval_bsize", in: 1...Int.max)

        seed = UInt64(try section.integer("seed", in: 0...Int.max) ?? 1)
        precision =
            try section.choice("precision", of: Precision.allCases.map(\.rawValue))
            .flatMap(Precision.init) ?? .float32
        schedule = try section.section("schedule").map { try ScheduleRecipe($0) }
        loss =
            try section.choice("loss", of: TrainingLoss.allCases.map(\.rawValue))
            .flatMap(TrainingLoss.init) ?? .l1
        averageDecay = try section.number("ema", "a decay from 0 to below 1") { (0..<1).contains($0) }
        gradientClip = try section.number("gradient_clip", "a norm above 0") { $0 > 0 }
        fixedIterationsPerEpoch = try section.integer("iterations_per_epoch", in: epochs)
        initialWeights = try section.string("initial_weights")
    }

    /// The recipe in its file's schema, every default written out: to be kept in a checkpoint and read back.
    public var mapping: RecipeMapping {
        var mapping: RecipeMapping = ["train_dataset": .mapping(trainingData.mapping)]
        mapping["val_dataset"] = validationData.map { .mapping($0.mapping) }
        mapping["data_norm"] = .mapping(normalization.mapping)
        mapping["model"] = .mapping(model)
        mapping["optimizer"] = .mapping(optimizer.mapping)
        mapping["epoch_max"] = .integer(epochCount)
        mapping["multi_step_lr"] = multiStep.map { .mapping($0.mapping) }
        mapping["epoch_val"] = epochsPerValidation.map { .integer($0) }
        mapping["epoch_save"] = epochsPerSave.map { .integer($0) }
        mapping["resume"] = resume.map { .string($0) }
        mapping["eval_type"] = validationProtocol.name.map { .string($0) }
        mapping["eval_bsize"] = queriesPerBatch.map { .integer($0) }
        mapping["seed"] = .integer(Int(seed))
        mapping["precision"] = .string(precision.rawValue)
        mapping["schedule"] = schedule.map { .mapping($0.mapping) }
        // Checkpoints of earlier versions do not say it, and are gone on with.
        mapping["loss"] = loss == .l1 ? nil : .string(loss.rawValue)
        mapping["ema"] = averageDecay.map { .number($0) }
        mapping["gradient_clip"] = gradientClip.map { .number($0) }
        mapping["iterations_per_epoch"] = fixedIterationsPerEpoch.map { .integer($0) }
        mapping["initial_weights"] = initialWeights.map { .string($0) }
        return mapping
    }
}
