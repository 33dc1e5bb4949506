import NeuralNetwork
import RecipeFormat
package import TensorFiles
import Tensors

extension LIIFModel {
    /// Writes the model as the released PyTorch code saves one, so that `torch.load(path, weights_only=True)` reads
    /// it and the released classes take its weights.
    ///
    /// A model with `settingsUnknownToTheRelease` is written with those settings named: the released classes then
    /// refuse to be made, rather than to compute something else.
    /// - Throws: `UnwritableFile`.
    public func writeReleasedCheckpoint(to path: String) throws {
        try TorchCheckpoint.write(releasedCheckpoint(), to: path)
    }

    /// `{'model': {'name', 'args', 'sd'}}` as the released code saves it, without its optimizer and epoch. Beside it,
    /// unread by the release: `data_norm` where it is not from −1 to 1, and `origin`.
    package func releasedCheckpoint() -> PickleValue {
        let specification = configuration.specification
        var state = PickleDictionary(isOrdered: true)
        for (name, tensor) in frozenMeanShifts { state[.string(name)] = .tensor(StoredTensor(tensor)) }
        for entry in network.parameters.entries {
            state[.string(entry.name)] = .tensor(StoredTensor(values(of: entry)))
        }
        var model = PickleDictionary()
        for entry in specification.entries { model[.string(entry.key)] = PickleValue(entry.value) }
        model[.string("sd")] = .dictionary(state)
        var root = PickleDictionary(["model": .dictionary(model)])
        if normalization != .signed {
            root[.string("data_norm")] = PickleValue(.mapping(normalization.mapping))
        }
        if !provenance.isEmpty {
            var dictionary = PickleDictionary()
            for (key, text) in provenance.sorted(by: { $0.key < $1.key }) {
                dictionary[.string(key)] = .string(text)
            }
            root[.string("origin")] = .dictionary(dictionary)
        }
        return .dictionary(root)
    }

    /// Settings of the model that the released classes do not have, as `input_skip`; empty for every model of the
    /// paper.
    package var settingsUnknownToTheRelease: [String] {
        unknownSettings(configuration.specification)
    }

    /// The release's EDSR holds its two mean shifts, 1×1 convolutions by the mean colour of DIV2K, and never applies
    /// them; its strict loading wants them in the state.
    private var frozenMeanShifts: [(name: String, tensor: Tensor)] {
        guard configuration.encoder.architecture is EDSR else { return [] }
        let mean: [Float] = [0.4488, 0.4371, 0.4040]
        return [("encoder.sub_mean", Float(-1)), ("encoder.add_mean", 1)].flatMap { layer, sign in
            [
                ("\(layer).weight", Tensor(shape: [3, 3, 1, 1], values: [1, 0, 0, 0, 1, 0, 0, 0, 1])),
                ("\(layer).bias", Tensor(shape: [3], values: mean.map { sign * $0 })),
            ]
        }
    }
}

/// What the released classes' initialisers take, by the name of the class.
private let releasedArguments: [String: [String]] = [
    "liif": ["encoder_spec", "imnet_spec", "local_ensemble", "feat_unfold", "cell_decode"],
    "metasr": ["encoder_spec"],
    "mlp": ["out_dim", "hidden_list"],
    "edsr-baseline": ["n_resblocks", "n_feats", "res_scale", "scale", "no_upsampling", "rgb_range"],
    "edsr": ["n_resblocks", "n_feats", "res_scale", "scale", "no_upsampling", "rgb_range"],
    "rdn": ["G0", "RDNkSize", "RDNconfig", "scale", "no_upsampling"],
]

/// Names in a specification `{name, args}`, and in those inside it, that the release does not know.
private func unknownSettings(_ specification: RecipeMapping) -> [String] {
    guard case .string(let name)? = specification["name"], let known = releasedArguments[name] else {
        return ["\(specification["name"]?.json ?? "nameless")"]
    }
    guard case .mapping(let arguments)? = specification["args"] else { return [] }
    return arguments.entries.flatMap { entry -> [String] in
        guard known.contains(entry.key) else { return [entry.key] }
        if case .mapping(let inner) = entry.value { return unknownSettings(inner) }
        return []
    }
}

extension PickleValue {
    /// A specification's value. Whole numbers become integers: Python does not mind, and `weights_only` of PyTorch 1.13
    /// reads no floats.
    init(_ value: RecipeValue) {
        switch value {
        case .null: self = .none
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = Int(exactly: number).map { .integer($0) } ?? .float(number)
        case .string(let text): self = .string(text)
        case .list(let values): self = .list(values.map { PickleValue($0) })
        case .mapping(let mapping):
            var dictionary = PickleDictionary()
            for entry in mapping.entries { dictionary[.string(entry.key)] = PickleValue(entry.value) }
            self = .dictionary(dictionary)
        }
    }
}
