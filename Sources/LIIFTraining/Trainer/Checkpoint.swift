import LIIF
import NeuralNetwork
import RecipeFormat
package import TensorFiles
import Tensors

/// What is wrong with a checkpoint that training is to go on from.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
    /// A model without the optimizer's state, or a damaged one.
    case noTrainingState(file: String, missing: String)
    /// It was made by another recipe; the first setting that differs.
    case otherRecipe(file: String, setting: String, found: String, expected: String)
    /// The recipe's learning rates are not those that it was trained with; the first iteration, from 1.
    case otherRates(file: String, iteration: Int, found: Double, expected: Double)

    /// A sentence that names the file, what is wrong and what would be right.
    public var description: String {
        switch self {
        case .noTrainingState(let file, let missing):
            "\(file): training cannot go on from it, for it holds no '\(missing)'; expected a checkpoint that `liif train` "
                + "or the released code wrote. To begin with its weights alone say `initial_weights` instead of `resume`."
        case .otherRecipe(let file, let setting, let found, let expected):
            "\(file): it was trained with \(setting) \(found), the recipe says \(expected); resume with the "
                + "recipe that it was begun with, or begin anew in another folder."
        case .otherRates(let file, let iteration, let found, let expected):
            "\(file): iteration \(iteration) was trained at the learning rate \(found), the recipe says \(expected); "
                + "`epoch_max`, `multi_step_lr` and `schedule` may change only what is still to come."
        }
    }
}

extension TrainingState {
    enum Key {
        static let state = "training.state"
        static let recipe = "training.recipe"
        static let parameters = "training.parameters"
        static let first = "training.adam.first_moment"
        static let second = "training.adam.second_moment"
    }

    /// Settings that a resumed run may change: they do not decide what the weights become, or no longer.
    private static let free = [
        "val_dataset", "epoch_val", "epoch_save", "resume", "eval_type", "eval_bsize", "initial_weights",
    ]
    /// Settings within others that say where pictures are, which may change likewise.
    private static let places: Set = ["root_path", "root_path_1", "root_path_2", "split_file", "cache"]
    /// Settings that decide the learning rates alone: a resumed run may change those still to come, so that a
    /// run's end need not be known at its beginning.
    private static let rates = ["epoch_max", "multi_step_lr", "schedule"]

    private func tensor(_ buffer: AlignedBuffer) -> Tensor {
        let count = network.parameters.count
        return Tensor(
            shape: [count], values: Array(UnsafeBufferPointer(start: buffer.floats, count: count)))
    }

    /// The state as a file: a model that can be used, and beside it all that training needs to go on.
    package func checkpoint(
        _ recipe: TrainingRecipe, origin: [String: String], iterationsPerEpoch: Int
    ) -> SafetensorsFile {
        var recipe = recipe
        recipe.initialWeights = begunWith
        let model = LIIFModel(
            network, parameters: weights, normalization: recipe.normalization, origin: origin)
        var file = model.safetensors()
        var state: RecipeMapping = [
            "iteration": .integer(iteration), "steps": .integer(adam.stepCount),
            "iterations_per_epoch": .integer(iterationsPerEpoch),
        ]
        if let sampleCount { state["samples"] = .integer(sampleCount) }
        if let meanLoss { state["mean_loss"] = .number(meanLoss) }
        if let bestPSNR, bestPSNR.isFinite { state["best_psnr"] = .number(bestPSNR) }
        file.metadata[Key.state] = state.json
        file.metadata[Key.recipe] = recipe.mapping.json
        file[Key.parameters] = tensor(parameters)
        file[Key.first] = tensor(adam.firstMoment)
        file[Key.second] = tensor(adam.secondMoment)
        return file
    }

    /// Takes over a checkpoint's state, so that the run goes on as if it had never stopped.
    /// - Throws: `CheckpointError`, `ModelFileError`, `RecipeError` or `TensorFileError`, naming the file.
    package func restore(from path: String, recipe: TrainingRecipe, iterationsPerEpoch: Int) throws {
        if try TensorFileFormat(detecting: path) == .torchCheckpoint {
            return try restore(
                released: TorchCheckpoint.read(path), named: path, iterationsPerEpoch: iterationsPerEpoch)
        }
        let file = try SafetensorsFile(readingFrom: path)
        guard let stateText = file.metadata[Key.state], let recipeText = file.metadata[Key.recipe] else {
            throw CheckpointError.noTrainingState(file: path, missing: Key.state)
        }
        let former = try RecipeMapping(yaml: recipeText, file: path)
        try checkSameRecipe(former, recipe.mapping, file: path)
        let formerRecipe = try TrainingRecipe(former, file: path)
        begunWith = formerRecipe.initialWeights
        let model = try LIIFModel(file, named: path)
        let count = network.parameters.count
        func load(_ key: String, into buffer: AlignedBuffer) throws {
            guard let tensor = file[key], tensor.shape == [count] else {
                throw CheckpointError.noTrainingState(file: path, missing: key)
            }
            copyFloats(to: buffer.floats, from: tensor.values)
        }
        try load(Key.parameters, into: parameters)
        try load(Key.first, into: adam.firstMoment)
        try load(Key.second, into: adam.secondMoment)
        if let average { copyFloats(to: average.floats, from: model.parameters.floats, count: count) }
        let section = try RecipeSection(
            RecipeMapping(yaml: stateText, file: path), at: .init(file: path, keyPath: Key.state))
        let counts = 0...Int.max
        iteration = try section.require(section.integer("iteration", in: counts), "iteration", "a number")
        adam.stepCount = try section.require(section.integer("steps", in: counts), "steps", "a number")
        // Checkpoints of earlier versions do not say these two.
        sampleCount = try section.integer("samples", in: counts)
        meanLoss = try section.number("mean_loss", "a number") { _ in true }
        // Other pictures have another best, and so has another protocol.
        let isMeasuredAlike =
            Self.placeless(former["val_dataset"]) == Self.placeless(recipe.mapping["val_dataset"])
            && formerRecipe.validationProtocol == recipe.validationProtocol
        bestPSNR = isMeasuredAlike ? try section.number("best_psnr", "a number") { _ in true } : nil
        // Checkpoints of earlier versions do not say it.
        let formerPerEpoch = try section.integer(
            "iterations_per_epoch", in: 1...Int.max / formerRecipe.epochCount)
        let formerRates = formerRecipe.learningRate(iterationsPerEpoch: formerPerEpoch ?? iterationsPerEpoch)
        let rates = recipe.learningRate(iterationsPerEpoch: iterationsPerEpoch)
        // What lies beyond the recipe's end is refused as such.
        let known = min(iteration, recipe.epochCount * iterationsPerEpoch)
        for past in 0..<known where rates.rate(at: past) != formerRates.rate(at: past) {
            throw CheckpointError.otherRates(
                file: path, iteration: past + 1, found: formerRates.rate(at: past),
                expected: rates.rate(at: past))
        }
    }

    /// A setting without what only says where pictures are.
    private static func placeless(_ value: RecipeValue?) -> RecipeValue {
        guard case .mapping(let mapping)? = value else { return value ?? .null }
        return .mapping(
            RecipeMapping(
                mapping.entries.filter { !places.contains($0.key) }.map {
                    RecipeMapping.Entry(key: $0.key, value: placeless($0.value), line: $0.line)
                }))
    }

    /// Whether two settings make one model, in whatever order and with whatever defaults left out.
    private static func isSameModel(_ a: RecipeValue, _ b: RecipeValue, file: String) throws -> Bool {
        guard case .mapping(let a) = a, case .mapping(let b) = b else { return false }
        let place = RecipeError.Place(file: file, keyPath: "model")
        return try ModelConfiguration(RecipeSection(a, at: place))
            == ModelConfiguration(RecipeSection(b, at: place))
    }

    private func checkSameRecipe(_ found: RecipeMapping, _ wanted: RecipeMapping, file: String) throws {
        for key in Set(found.keys + wanted.keys).sorted() where !(Self.free + Self.rates).contains(key) {
            let (a, b) = (Self.placeless(found[key]), Self.placeless(wanted[key]))
            if a == b { continue }
            if key == "model", try Self.isSameModel(a, b, file: file) { continue }
            throw CheckpointError.otherRecipe(file: file, setting: key, found: a.json, expected: b.json)
        }
    }
}
