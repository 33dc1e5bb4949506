import Files
import RecipeFormat
package import TensorFiles

extension LIIFModel {
    /// - Parameters:
    ///   - checkpoint: `{'model': {'name', 'args', 'sd'}, 'optimizer': …, 'epoch': …}`.
    ///   - file: What errors call the file.
    package convenience init(released checkpoint: PickleValue, named file: String) throws {
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
        var tensors: [String: StoredTensor] = [:]
        for (name, tensor) in state.namedTensors { tensors[(isBare ? "encoder." : "") + name] = tensor }
        var origin = ["checkpoint": PathName.fileName(of: file)]
        origin["epoch"] = checkpoint["epoch"]?.integer.map { "\($0)" }
        for case (.string(let key), .string(let text)) in checkpoint["origin"]?.dictionary?.entries ?? [] {
            origin[key] = text
        }
        var normalization = PixelNormalization.signed
        if let value = checkpoint["data_norm"] {
            let place = RecipeError.Place(file: file, keyPath: "data_norm")
            guard case .mapping(let mapping) = try RecipeValue(value, at: place) else {
                throw RecipeError.wrongValue(place, found: "a \(value.kind)", expected: "{'inp': …, 'gt': …}")
            }
            normalization = try PixelNormalization(RecipeSection(mapping, at: place))
        }
        try self.init(
            network, weights: state.namedTensors.map { (isBare ? "encoder." : "") + $0.name },
            normalization: normalization, origin: origin, named: file
        ) { tensors[$0]?.tensor }
    }
}

extension PickleValue {
    /// What a checkpoint holds at its top, for an error message.
    fileprivate var outline: String {
        guard let dictionary else { return "a \(kind)" }
        if !namedTensors.isEmpty && namedTensors.count == dictionary.keys.count {
            return "a bare state dict of \(namedTensors.count) tensors"
        }
        let names = dictionary.keys.prefix(8).map { key in
            switch key {
            case .string(let name): "'\(name)'"
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
                        return .init(key: name, value: try RecipeValue(value, at: place.appending(name)))
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
