import LIIF
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Checkpoints as users' own training scripts save them: wrapped models, and running means beside the weights.
@Suite struct WrappedNamesTests {
    /// A state dictionary with other names.
    private func renamed(_ state: PickleValue?, _ rename: (String) -> String) -> PickleValue {
        var dictionary = PickleDictionary(isOrdered: true)
        for (name, tensor) in state?.namedTensors ?? [] {
            dictionary[.string(rename(name))] = .tensor(tensor)
        }
        return .dictionary(dictionary)
    }

    /// A model's checkpoint with other names in its state.
    private func checkpoint(_ model: LIIFModel, _ rename: (String) -> String = { $0 }) throws
        -> PickleDictionary
    {
        var root = try #require(model.releasedCheckpoint().dictionary)
        var section = try #require(root[.string("model")]?.dictionary)
        section[.string("sd")] = renamed(section[.string("sd")], rename)
        root[.string("model")] = .dictionary(section)
        return root
    }

    /// `DataParallel`, `torch.compile`, and both.
    @Test(arguments: ["module.", "_orig_mod.", "module._orig_mod.", "model.module."])
    func whatAWrapperPutsBeforeEveryNameIsPassedOver(_ prefix: String) throws {
        let model = LIIFModel.random(.tiny)
        let wrapped = try checkpoint(model) { prefix + $0 }
        #expect(try LIIFModel(released: .dictionary(wrapped), named: "m.pth").weights == model.weights)
        let plain = model.safetensors()
        var file = SafetensorsFile(metadata: plain.metadata)
        for name in plain.names { file[prefix + name] = plain[name] }
        file["training.parameters"] = Tensor(shape: [1])
        #expect(try LIIFModel(file, named: "m.safetensors").weights == model.weights)
    }

    /// Its names have no `encoder.` of their own.
    @Test func anEncoderAloneMayBeWrapped() throws {
        let configuration = ModelConfiguration.upsampling(
            .init(encoder: .edsr(blocks: 1, channels: 8, residualScale: 1), scale: 2))
        let model = LIIFModel.random(configuration)
        let wrapped = ReleasedCheckpointTests().checkpoint(
            model, specification: configuration.encoder.specification(upsamplingScale: 2)
        ) { "module." + String($0.dropFirst("encoder.".count)) }
        #expect(try LIIFModel(released: wrapped, named: "m.pth").weights == model.weights)
    }

    @Test func whatIsBeforeSomeNamesOnlyIsAMisfit() throws {
        let some = try checkpoint(LIIFModel.random(.tiny)) {
            $0.hasPrefix("imnet.") ? $0 : "module." + $0
        }
        let error = #expect(throws: ModelFileError.self) {
            try LIIFModel(released: .dictionary(some), named: "m.pth")
        }
        #expect(error?.description.contains("missing: encoder.head.0.weight [8, 3, 3, 3]") == true)
        let other = try checkpoint(LIIFModel.random(.tiny)) { "module.net." + $0 + ".x" }
        #expect(throws: ModelFileError.self) { try LIIFModel(released: .dictionary(other), named: "m.pth") }
    }

    /// As `AveragedModel.state_dict()`, and as the release's own layout.
    @Test(arguments: LIIFModel.averageKeys) func theRunningMeanIsRead(_ key: String) throws {
        let model = LIIFModel.random(.tiny), mean = LIIFModel.random(.tiny, seed: 2)
        #expect(model.weights != mean.weights)
        let section = try #require(mean.releasedCheckpoint()["model"])
        let state = renamed(section["sd"]) { "module." + $0 }
        var averaged = try #require(state.dictionary)
        averaged[.string("n_averaged")] = .tensor(StoredTensor(integers: [3], shape: []))
        for value in [.dictionary(averaged), section] as [PickleValue] {
            var root = try checkpoint(model)
            root[.string(key)] = value
            let both = PickleValue.dictionary(root)
            try withTemporaryFolder { folder in
                try TorchCheckpoint.write(both, to: "\(folder)/m.pth")
                let read = try LIIFModel(contentsOf: "\(folder)/m.pth")
                #expect(read.weights == mean.weights && read.origin["weights"] == key)
                #expect(
                    read.readingNote
                        == "its weights are those under '\(key)', the running mean, not those under 'model'")
            }
            // For training to go on: the optimizer's state belongs to the weights themselves.
            let raw = try LIIFModel(released: both, named: "m.pth")
            #expect(raw.weights == model.weights && raw.origin["weights"] == nil && raw.readingNote == nil)
        }
    }

    @Test func aMeanThatDoesNotFitIsNotReadAndThatIsSaid() throws {
        let model = LIIFModel.random(.tiny)
        var root = try checkpoint(model)
        root[.string("ema")] = renamed(model.releasedCheckpoint()["model"]?["sd"]) { "shadow_" + $0 }
        let read = try LIIFModel(released: .dictionary(root), named: "m.pth", prefersAverage: true)
        #expect(read.weights == model.weights && read.origin["weights"] == nil)
        #expect(
            read.readingNote
                == "its weights are those under 'model'; what is under 'ema' does not fit and is not read")
        // A setting of that name is no mean.
        root[.string("ema")] = .float(0.999)
        let plain = try LIIFModel(released: .dictionary(root), named: "m.pth", prefersAverage: true)
        #expect(plain.weights == model.weights && plain.readingNote == nil)
    }
}
