import Files
import NeuralNetwork
import RecipeFormat
package import TensorFiles

extension LIIFModel {
    /// - Parameters:
    ///   - checkpoint: `{'model': {'name', 'args', 'sd'}, 'optimizer': …, 'epoch': …}`.
    ///   - file: What errors call the file.
    ///   - prefersAverage: Whether the weights are those of `averageKeys` where the checkpoint has them: for using the
    ///     model. Training goes on from those of `model`.
    package convenience init(
        released checkpoint: PickleValue, named file: String, prefersAverage: Bool = false
    ) throws {
        guard let model = checkpoint["model"], model["name"] != nil, model["args"] != nil,
            let state = model["sd"], state.dictionary != nil
        else {
            throw ModelFileError.noSpecification(
                file: file,
                expected: "{'model': {'name': …, 'args': …, 'sd': …}} as the released code saves it, found "
                    + checkpoint.outline)
        }
        let place = RecipeError.Place(file: file, keyPath: "model")
        var specification = RecipeMapping()
        for key in ["name", "args"] {
            specification[key] = try model[key].map { try RecipeValue($0, at: place.appending(key)) }
        }
        let section = RecipeSection(specification, at: place)
        let network = try LIIFNetwork(ModelConfiguration(section))
        // An encoder that stands alone has no `encoder.` before its names.
        let isBare = try section.string("name").map(EncoderConfiguration.names.contains) ?? false
        var weights = network.weights(of: state, isBare: isBare)
        var origin = ["checkpoint": PathName.fileName(of: file)]
        origin["epoch"] = checkpoint["epoch"]?.integer.map { "\($0)" }
        for case (.string(let key), .string(let text)) in checkpoint["origin"]?.dictionary?.entries ?? [] {
            origin[key] = text
        }
        var note: String?
        if prefersAverage, let (key, value) = checkpoint.average {
            let average = network.weights(of: value["sd"] ?? value, isBare: isBare)
            if network.isFilled(by: average) {
                weights = average
                origin["weights"] = key
                note = "its weights are those under '\(key)', the running mean, not those under 'model'"
            } else {
                note =
                    "its weights are those under 'model'; what is under '\(key)' does not fit and is not read"
            }
        }
        var normalization = PixelNormalization.signed
        if let value = checkpoint["data_norm"] {
            let place = RecipeError.Place(file: file, keyPath: "data_norm")
            guard case .mapping(let mapping) = try RecipeValue(value, at: place) else {
                throw RecipeError.wrongValue(place, found: "a \(value.kind)", expected: "{'inp': …, 'gt': …}")
            }
            normalization = try PixelNormalization(RecipeSection(mapping, at: place))
        }
        let tensors = Dictionary(weights.map { ($0.name, $0.tensor) }) { $1 }
        try self.init(
            network, weights: weights.map(\.name), normalization: normalization, origin: origin,
            readingNote: note, named: file
        ) { tensors[$0]?.tensor }
    }

    /// Where training scripts save the running mean of the weights, beside `model`.
    package static let averageKeys = ["ema", "model_ema", "params_ema"]
}

extension LIIFNetwork {
    /// The tensors of a state dictionary under this network's names.
    /// - Parameter isBare: Whether it is the encoder's own state.
    package func weights(of state: PickleValue, isBare: Bool) -> [(name: String, tensor: StoredTensor)] {
        let own = isBare ? "encoder." : ""
        // A count that `torch.optim.swa_utils.AveragedModel` has beside what it wraps.
        let tensors = state.namedTensors.filter { $0.name != "n_averaged" }
        let prefix = wrapperPrefix(of: tensors.map(\.name), without: own)
        return tensors.map { (name: own + String($0.name.dropFirst(prefix.count)), tensor: $0.tensor) }
    }

    /// Whether every parameter is there in its shape.
    fileprivate func isFilled(by weights: [(name: String, tensor: StoredTensor)]) -> Bool {
        let shapes = Dictionary(weights.map { ($0.name, $0.tensor.shape) }) { $1 }
        return parameters.entries.allSatisfy { shapes[$0.name] == $0.shape }
    }
}

extension PickleValue {
    /// The first of `LIIFModel.averageKeys` that holds more than a setting.
    fileprivate var average: (key: String, value: PickleValue)? {
        for key in LIIFModel.averageKeys {
            if let value = self[key], value.dictionary != nil || value.elements != nil { return (key, value) }
        }
        return nil
    }

    /// What a checkpoint holds at its top, for an error message.
    fileprivate var outline: String {
        guard let dictionary else { return "a \(kind)" }
        if !namedTensors.isEmpty && namedTensors.count == dictionary.keys.count {
            return "a bare state dict of \(namedTensors.count) tensors"
        }
        let names = dictionary.keys.prefix(8).map { key in
            switch key {
            case .string(let name): "'\(name.printable)'"
            case .integer(let number): "\(number)"
            }
        }
        return "a dict with the keys \(names.joined(separator: ", "))"
            + (dictionary.keys.count > 8 ? " …" : "")
    }
}

extension RecipeValue {
    /// A specification's value: Python's None, numbers, strings, lists, tuples and dictionaries of names.
    fileprivate init(_ value: PickleValue, at place: RecipeError.Place) throws {
        switch value {
        case .none: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .integer(number)
        case .float(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .list(let values), .tuple(let values):
            self = .list(try values.map { try RecipeValue($0, at: place) })
        case .dictionary(let dictionary):
            self = .mapping(
                RecipeMapping(
                    try dictionary.entries.map { key, value in
                        guard case .string(let name) = key else {
                            throw RecipeError.wrongValue(
                                place, found: "the key \(key)", expected: "names as keys")
                        }
                        return .init(
                            key: name, value: try RecipeValue(value, at: place.appending(name.printable)))
                    }))
        case .bytes, .tensor:
            throw RecipeError.wrongValue(
                place, found: "a \(value.kind)", expected: "numbers, texts, lists and dictionaries")
        }
    }
}

extension RecipeError.Place {
    fileprivate func appending(_ key: String) -> RecipeError.Place {
        RecipeError.Place(file: file, line: line, keyPath: "\(keyPath).\(key)")
    }
}
