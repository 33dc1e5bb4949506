import LIIF
import NeuralNetwork
import RecipeFormat
package import TensorFiles
import Tensors

extension TrainingState {
    /// Takes over a checkpoint of the released code, `{'model', 'optimizer', 'epoch'}`: the weights, Adam's moments and the
    /// epochs done. The order of the samples and their crops are this program's own from there on, for the file does not
    /// hold the state of PyTorch's random generators.
    /// - Throws: `CheckpointError`, and what reading the model throws, naming the file.
    package func restore(released checkpoint: PickleValue, named file: String, iterationsPerEpoch: Int) throws
    {
        let model = try LIIFModel(released: checkpoint, named: file)
        let (found, expected) = (model.configuration.specification, network.configuration.specification)
        guard model.network.parameters == network.parameters else {
            throw CheckpointError.otherRecipe(
                file: file, setting: "model", found: found.json, expected: expected.json)
        }
        // The run was Adam's; liif's own checkpoints do not change over either.
        guard muon == nil else {
            throw CheckpointError.otherRecipe(
                file: file, setting: "optimizer", found: "adam", expected: "muon")
        }
        func missing(_ key: String) -> CheckpointError { .noTrainingState(file: file, missing: key) }
        guard let optimizer = checkpoint["optimizer"]?["sd"] else { throw missing("optimizer.sd") }
        guard let epoch = checkpoint["epoch"]?.integer, epoch >= 0 else { throw missing("epoch") }
        let (total, isTooLarge) = epoch.multipliedReportingOverflow(by: iterationsPerEpoch)
        guard !isTooLarge else { throw missing("epoch") }
        // The optimizer knows parameters by numbers, in the order of the model's state.
        let sd = checkpoint["model"]?["sd"]
        let numbers = (optimizer["param_groups"]?.elements ?? []).flatMap { group in
            (group["params"]?.elements ?? []).compactMap(\.integer)
        }
        guard let sd, sd.namedTensors.count == numbers.count else {
            throw missing("optimizer.sd.param_groups")
        }
        let isBare = checkpoint["model"]?["name"]?.string.map(EncoderConfiguration.names.contains) ?? false
        let names = network.weights(of: sd, isBare: isBare).map(\.name)
        let number = Dictionary(zip(names, numbers), uniquingKeysWith: { first, _ in first })
        var steps: Int?
        for entry in network.parameters.entries {
            guard let number = number[entry.name], let state = optimizer["state"]?[number] else {
                throw missing("optimizer.sd.state of \(entry.name)")
            }
            for (key, moment) in [("exp_avg", adam.firstMoment), ("exp_avg_sq", adam.secondMoment)] {
                guard let tensor = state[key]?.tensor, tensor.shape == entry.shape else {
                    throw missing("optimizer.sd.state.\(number).\(key)")
                }
                copyFloats(to: moment.floats + entry.offset, from: tensor.values)
            }
            // A number, or since PyTorch 1.12 a tensor.
            let step = state["step"].flatMap {
                $0.integer ?? $0.tensor?.values.first.flatMap { Int(exactly: $0) }
            }
            guard let step, step >= 0, steps == nil || steps == step else {
                throw missing("optimizer.sd.state.\(number).step")
            }
            steps = step
        }
        let count = network.parameters.count
        for weights in [parameters, average].compactMap(\.self) {
            copyFloats(to: weights.floats, from: model.parameters.floats, count: count)
        }
        adam.stepCount = steps ?? 0
        iteration = total
        begunWith = nil
    }
}
