import Files
package import NeuralNetwork
import RecipeFormat
package import TensorFiles
package import Tensors

/// What is wrong with a file of weights.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
    /// The file does not say what model its weights belong to.
    case noSpecification(file: String, expected: String)
    /// Parameters are missing, unexpected or of the wrong shape; each line says which.
    case mismatch(file: String, problems: [String])

    /// A sentence that names the file, what is wrong and what would be right; what could steer a terminal is escaped.
    public var description: String {
        switch self {
        case .noSpecification(let file, let expected):
            "\(file.escaped): it does not say what model its weights belong to; expected \(expected.escaped)."
        case .mismatch(let file, let problems):
            "\(file.escaped): the weights do not fit the model that the file describes:\n  "
                + problems.prefix(12).map(\.escaped).joined(separator: "\n  ")
                + (problems.count > 12 ? "\n  … and \(problems.count - 12) more" : "")
        }
    }
}

extension LIIFModel {
    /// Metadata keys of a model's safetensors file.
    package enum Key {
        /// The model's specification as JSON, in the released schema.
        package static let model = "liif.model"
        /// `data_norm` as JSON.
        package static let normalization = "liif.data_norm"
        /// Tensors whose names begin so belong to training and are no weights.
        static let trainingPrefix = "training."
    }

    /// What `origin` says beyond the model's own settings and the training's state.
    package var provenance: [String: String] {
        origin.filter { !$0.key.hasPrefix("liif.") && !$0.key.hasPrefix(Key.trainingPrefix) }
    }

    /// What a file says of the model: its specification, its normalisation, and where it comes from.
    package var fileMetadata: [String: String] {
        provenance.merging([
            Key.model: configuration.specification.json, Key.normalization: normalization.mapping.json,
        ]) { $1 }
    }

    /// The model as a safetensors file that describes itself.
    /// - Parameter type: A floating-point type; the weights are rounded to it.
    package func safetensors(storedAs type: ElementType = .float32) -> SafetensorsFile {
        var file = SafetensorsFile(metadata: fileMetadata)
        for entry in network.parameters.entries {
            file[stored: entry.name] = StoredTensor(values(of: entry), as: type)
        }
        return file
    }

    /// One parameter's values.
    package func values(of entry: ParameterLayout.Entry) -> Tensor {
        Tensor(
            shape: entry.shape,
            values: Array(UnsafeBufferPointer(start: parameters.floats + entry.offset, count: entry.count)))
    }

    /// Writes the model as safetensors, replacing the file only when it is complete. Of a checkpoint, what training needs to go on
    /// is left out.
    /// - Throws: `UnwritableFile`.
    public func write(to path: String) throws { try safetensors().write(to: path) }

    /// The specification in a safetensors file's metadata, as JSON.
    /// - Throws: `ModelFileError.noSpecification`.
    static func specification(in metadata: [String: String], named name: String) throws -> String {
        guard let text = metadata[Key.model] else {
            throw ModelFileError.noSpecification(
                file: name, expected: "the metadata key '\(Key.model)' that liif writes")
        }
        return text
    }

    /// - Parameter name: What errors call the file.
    package convenience init(_ file: SafetensorsFile, named name: String) throws {
        let mapping = try RecipeMapping(
            yaml: LIIFModel.specification(in: file.metadata, named: name), file: name)
        let section = RecipeSection(mapping, at: .init(file: name, keyPath: Key.model))
        var normalization = PixelNormalization.signed
        if let text = file.metadata[Key.normalization] {
            normalization = try PixelNormalization(
                RecipeSection(
                    RecipeMapping(yaml: text, file: name),
                    at: .init(file: name, keyPath: Key.normalization)))
        }
        let network = try LIIFNetwork(ModelConfiguration(section))
        let weights = file.names.filter { !$0.hasPrefix(Key.trainingPrefix) }
        let prefix = network.wrapperPrefix(of: weights)
        try self.init(
            network, weights: weights.map { String($0.dropFirst(prefix.count)) },
            normalization: normalization, origin: file.metadata, named: name
        ) { file[prefix + $0] }
    }

    /// Fills a network from named tensors and explains every misfit.
    package convenience init(
        _ network: LIIFNetwork, weights names: [String], normalization: PixelNormalization,
        origin: [String: String], readingNote: String? = nil, named file: String,
        tensor: (String) -> Tensor?
    ) throws {
        var problems: [String] = []
        var expected = Set<String>()
        for entry in network.parameters.entries {
            expected.insert(entry.name)
            guard let found = tensor(entry.name) else {
                problems.append("missing: \(entry.name) \(entry.shape)")
                continue
            }
            if found.shape != entry.shape {
                problems.append(
                    "\(entry.name) has the shape \(found.shape.description.printable), expected \(entry.shape)"
                )
            }
        }
        // EDSR checkpoints carry two frozen layers that the forward pass never applies.
        for name in names where !expected.contains(name) && !isFrozenMeanShift(name) {
            problems.append(
                "unexpected: \(name.printable) \((tensor(name)?.shape ?? []).description.printable)")
        }
        guard problems.isEmpty else { throw ModelFileError.mismatch(file: file, problems: problems) }
        // Only now: a small file may claim a network of many gigabytes.
        let parameters = AlignedBuffer(floats: network.parameters.count)
        for entry in network.parameters.entries {
            let values = tensor(entry.name)!.values
            guard values.allSatisfy({ $0.isFinite }) else {
                throw ModelFileError.mismatch(
                    file: file, problems: ["\(entry.name) holds numbers that are not finite"])
            }
            copyFloats(to: parameters.floats + entry.offset, from: values)
        }
        self.init(
            network, parameters: parameters, normalization: normalization, origin: origin,
            readingNote: readingNote)
    }
}

private func isFrozenMeanShift(_ name: String) -> Bool {
    name.hasPrefix("encoder.sub_mean.") || name.hasPrefix("encoder.add_mean.")
}
