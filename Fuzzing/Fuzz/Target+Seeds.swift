import LIIF
import NeuralNetwork
import ONNXFiles
import RecipeFormat
import TensorFiles
import Tensors

extension Target {
    /// Sound files, small ones; recipes come from the repository's folder beside them (Fuzzing/run).
    func seeds() throws -> [(name: String, bytes: [UInt8])] {
        switch self {
        case .safetensors:
            [("types", try allTypes().serialized()), ("model", try Self.model().safetensors().serialized())]
        case .torch:
            [
                ("types", try TorchCheckpoint.serialized(allKinds())),
                ("model", try TorchCheckpoint.serialized(Self.model().releasedCheckpoint())),
            ]
        case .pickle:
            [
                ("types", TorchCheckpoint.pickle(of: allKinds())),
                ("model", TorchCheckpoint.pickle(of: Self.model().releasedCheckpoint())),
            ]
        case .onnx: [("model", try Self.model().onnx()), ("decoder", try Self.model().onnx(.decoder))]
        case .recipe:
            [
                ("model", Array(Self.model().configuration.specification.yaml.utf8)),
                ("json", Array(Self.model().configuration.specification.json.utf8)),
                (
                    "anchors",
                    Array("a: &x {b: [1, 2.5e-3, ~, on], 'c': \"\\u00e9\\n\"}\nd: *x\ne: |\n  text\n".utf8)
                ),
            ]
        }
    }

    /// The smallest model that has every part.
    static func model() -> LIIFModel {
        var configuration = LIIFConfiguration()
        configuration.encoder = .edsr(blocks: 1, channels: 2, residualScale: 0.5)
        configuration.hiddenWidths = [2]
        let network = LIIFNetwork(configuration)
        let parameters = AlignedBuffer(floats: network.parameters.count)
        for (i, value) in network.parameters.initialValues(seed: 1).enumerated() {
            parameters.floats[i] = value
        }
        return LIIFModel(network, parameters: parameters, origin: ["recipe": "seed.yaml"])
    }

    private func allTypes() -> SafetensorsFile {
        var file = SafetensorsFile(metadata: ["key": "a \"text\"\n\u{e9}"])
        for type in ElementType.allCases { file[stored: type.rawValue] = tensor(type) }
        return file
    }

    private func tensor(_ type: ElementType) -> StoredTensor {
        StoredTensor(
            elementType: type, shape: [2, 2],
            elements: type.isFloatingPoint ? .floats([0, -1.5, 3, 0.1]) : .integers([0, 1, 1, 0]))
    }

    private func allKinds() -> PickleValue {
        var tensors = PickleDictionary(isOrdered: true)
        for type in ElementType.allCases { tensors[.string(type.rawValue)] = .tensor(tensor(type)) }
        var root = PickleDictionary()
        root[.string("tensors")] = .dictionary(tensors)
        root[.integer(-70000)] = .tuple([.none, .bool(true), .float(0.25), .integer(1 << 40)])
        root[.string("list")] = .list([.string("é"), .bytes([1, 2]), .integer(300)])
        return .dictionary(root)
    }
}
