import Files
import Foundation
import LIIF
import NeuralNetwork
import RecipeFormat
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Checkpoints in the release's layout: `released-small.pth` against Scripts/reference_liif.py, and by hand the
/// real one against PyTorch.
@Suite struct ReleasedCheckpointTests {
    func tree() throws -> PickleValue { try TorchCheckpoint.read(Fixture.path("released-small.pth")) }

    @Test func aSmallReleasedCheckpointRendersAsTheReferenceSays() throws {
        let model = try LIIFModel(contentsOf: Fixture.path("released-small.pth"))
        #expect(model.configuration == .liif(.tiny))
        #expect(model.normalization == .signed)
        #expect(model.origin == ["checkpoint": "released-small.pth", "epoch": "1"])
        try expectEqual(model, Fixture.tensors("released-small.outputs.safetensors"), absolute: 1e-5)
    }

    static let folder = ProcessInfo.processInfo.environment["LIIF_GOLDENS"]

    @Test(.enabled(if: folder != nil, "LIIF_GOLDENS names no folder with edsr-baseline-liif.pth"))
    func theWholeReleasedCheckpointRendersAsPyTorchDoes() throws {
        let folder = try #require(Self.folder)
        let model = try LIIFModel(contentsOf: "\(folder)/edsr-baseline-liif.pth")
        #expect(model.configuration == .liif(.edsrBaseline))
        let golden = try SafetensorsFile(readingFrom: "\(folder)/edsr-baseline-liif.pth.outputs.safetensors")
        #expect(golden.names.count >= 5)
        try expectEqual(model, golden, absolute: 1e-5)
    }

    @Test func theContentDecidesNotTheName() throws {
        try withTemporaryFolder { folder in
            let model = try LIIFModel(contentsOf: Fixture.path("released-small.pth"))
            try model.write(to: "\(folder)/model.pth")
            #expect(try LIIFModel(contentsOf: "\(folder)/model.pth").weights == model.weights)
            try FileManager.default.copyItem(
                atPath: Fixture.path("released-small.pth"), toPath: "\(folder)/model.safetensors")
            #expect(try LIIFModel(contentsOf: "\(folder)/model.safetensors").weights == model.weights)
        }
    }

    @Test func otherFilesAreNotModels() throws {
        let picture = Fixture.path("input.png")
        let error = #expect(throws: TensorFileError.self) { try LIIFModel(contentsOf: picture) }
        #expect(
            error?.description.hasPrefix("\(picture): a file that begins with the bytes 89 50 4e 47") == true)
        #expect(throws: TensorFileError.self) { try LIIFModel(contentsOf: "/nonexistent/model.pth") }
        try withTemporaryFolder { folder in
            #expect(throws: TensorFileError.self) { try LIIFModel(contentsOf: folder) }
            try AtomicFile.write([], to: "\(folder)/empty")
            let error = #expect(throws: TensorFileError.self) { try LIIFModel(contentsOf: "\(folder)/empty") }
            #expect(error?.description.contains("an empty file") == true)
        }
    }

    /// The checkpoint with something changed under `model`.
    func changed(_ change: (inout PickleDictionary) -> Void) throws -> PickleValue {
        var root = try #require(try tree().dictionary)
        var model = try #require(root[.string("model")]?.dictionary)
        change(&model)
        root[.string("model")] = .dictionary(model)
        return .dictionary(root)
    }

    @Test func aStateDictAloneDoesNotDescribeItsModel() throws {
        let state = try #require(try tree()["model"]?["sd"])
        let error = #expect(throws: ModelFileError.self) { try LIIFModel(released: state, named: "bare.pth") }
        let text = try #require(error?.description)
        #expect(text.hasPrefix("bare.pth: it does not say what model its weights belong to"))
        #expect(text.contains("a bare state dict of 22 tensors"))
        let other = try changed { $0[.string("args")] = nil }
        #expect(throws: ModelFileError.self) { try LIIFModel(released: other, named: "x.pth") }
        let list = #expect(throws: ModelFileError.self) { try LIIFModel(released: .list([]), named: "x.pth") }
        #expect(list?.description.contains("found a list") == true)
    }

    @Test func modelsOfAnotherKindAreNamed() throws {
        let other = try changed { $0[.string("name")] = .string("sirenet") }
        let error = #expect(throws: RecipeError.self) { try LIIFModel(released: other, named: "m.pth") }
        #expect(
            error?.description
                == "m.pth: model.name: found the text 'sirenet', expected liif or metasr or edsr-baseline or edsr or rdn."
        )
        let encoder = try changed { model in
            var args = model[.string("args")]!.dictionary!
            var encoder = args[.string("encoder_spec")]!.dictionary!
            encoder[.string("name")] = .string("swinir")
            args[.string("encoder_spec")] = .dictionary(encoder)
            model[.string("args")] = .dictionary(args)
        }
        let unknown = #expect(throws: RecipeError.self) { try LIIFModel(released: encoder, named: "m.pth") }
        #expect(
            unknown?.description.hasPrefix("m.pth: model.args.encoder_spec.name: found the text 'swinir'")
                == true)
    }

    @Test func aTensorInTheSpecificationIsRefused() throws {
        let odd = try changed { model in
            var args = model[.string("args")]!.dictionary!
            args[.string("cell_decode")] = model[.string("sd")]!["encoder.head.0.bias"]
            model[.string("args")] = .dictionary(args)
        }
        let error = #expect(throws: RecipeError.self) { try LIIFModel(released: odd, named: "m.pth") }
        #expect(error?.description.hasPrefix("m.pth: model.args.cell_decode: found a tensor") == true)
    }

    /// 1e300 is infinite as a Float.
    @Test(arguments: [Double.infinity, .nan, 1e300]) func colourScalesAreFinite(_ number: Double) throws {
        for key in ["sub", "div"] {
            var affine = PickleDictionary(["sub": .list([.float(0.5)]), "div": .list([.float(0.5)])])
            affine[.string(key)] = .list([.float(number)])
            var root = try #require(try tree().dictionary)
            root[.string("data_norm")] = .dictionary(
                PickleDictionary(["inp": .dictionary(affine), "gt": .dictionary(affine)]))
            let damaged = PickleValue.dictionary(root)
            let error = #expect(throws: RecipeError.self) { try LIIFModel(released: damaged, named: "m.pth") }
            #expect(error?.description.hasPrefix("m.pth: data_norm.inp.\(key): found [") == true)
        }
    }

    @Test func missingUnexpectedAndMisshapenTensorsAreListed() throws {
        let damaged = try changed { model in
            var state = model[.string("sd")]!.dictionary!
            state[.string("imnet.layers.2.bias")] = nil
            state[.string("imnet.layers.9.bias")] = state[.string("imnet.layers.0.bias")]
            state[.string("encoder.head.0.weight")] = state[.string("encoder.head.0.bias")]
            model[.string("sd")] = .dictionary(state)
        }
        let error = #expect(throws: ModelFileError.self) { try LIIFModel(released: damaged, named: "m.pth") }
        #expect(
            error
                == .mismatch(
                    file: "m.pth",
                    problems: [
                        "encoder.head.0.weight has the shape [8], expected [8, 3, 3, 3]",
                        "missing: imnet.layers.2.bias [16]", "unexpected: imnet.layers.9.bias [16]",
                    ]))
    }

    /// `{'model': {'name', 'args', 'sd'}}` as the release saves one; `rename` changes the state's names.
    func checkpoint(
        _ model: LIIFModel, specification: RecipeMapping, rename: (String) -> String = { $0 }
    ) -> PickleValue {
        func pickled(_ value: RecipeValue) -> PickleValue {
            switch value {
            case .null: return .none
            case .bool(let flag): return .bool(flag)
            case .integer(let number): return .integer(number)
            case .number(let number): return .float(number)
            case .string(let text): return .string(text)
            case .list(let values): return .list(values.map(pickled))
            case .mapping(let mapping):
                var dictionary = PickleDictionary()
                for entry in mapping.entries { dictionary[.string(entry.key)] = pickled(entry.value) }
                return .dictionary(dictionary)
            }
        }
        var state = PickleDictionary()
        for name in ["encoder.sub_mean.weight", "encoder.add_mean.bias"] {
            state[.string(rename(name))] = .tensor(StoredTensor(Tensor(shape: [3])))
        }
        for entry in model.layout.entries {
            let values = model.weights[entry.offset..<(entry.offset + entry.count)]
            state[.string(rename(entry.name))] = .tensor(
                StoredTensor(Tensor(shape: entry.shape, values: Array(values))))
        }
        var section = pickled(.mapping(specification)).dictionary!
        section[.string("sd")] = .dictionary(state)
        var root = PickleDictionary()
        root[.string("model")] = .dictionary(section)
        return .dictionary(root)
    }

    @Test(arguments: ModelFileTests.decoders) func everyFamilysCheckpointIsRead(
        _ configuration: ModelConfiguration
    ) throws {
        let model = LIIFModel.random(configuration)
        let read = try LIIFModel(
            released: checkpoint(model, specification: configuration.specification), named: "m.pth")
        #expect(read.configuration == configuration && read.weights == model.weights)
        guard let scale = configuration.fixedScale else { return }
        // The encoder alone: its class's own names.
        let bare = checkpoint(
            model, specification: configuration.encoder.specification(upsamplingScale: scale)
        ) { String($0.dropFirst("encoder.".count)) }
        let alone = try LIIFModel(released: bare, named: "m.pth")
        #expect(alone.configuration == configuration && alone.weights == model.weights)
    }

    /// The names of the released classes' state dicts, by hand from their modules.
    @Test func upsamplingModulesHaveTheReleasesNames() {
        func names(_ encoder: EncoderConfiguration, _ scale: Int) -> [String] {
            LIIFNetwork(.upsampling(.init(encoder: encoder, scale: scale))).parameters.entries
                .map { String($0.name.dropFirst("encoder.".count)) }
                .filter { $0.hasSuffix(".weight") && ($0.hasPrefix("tail") || $0.hasPrefix("UPNet")) }
        }
        #expect(names(.edsrBaseline, 2) == ["tail.0.0.weight", "tail.1.weight"])
        #expect(names(.edsrBaseline, 3) == ["tail.0.0.weight", "tail.1.weight"])
        #expect(
            names(.edsrBaseline, 8) == [
                "tail.0.0.weight", "tail.0.2.weight", "tail.0.4.weight", "tail.1.weight",
            ])
        #expect(names(.rdnPaper, 3) == ["UPNet.0.weight", "UPNet.2.weight"])
        #expect(names(.rdnPaper, 4) == ["UPNet.0.weight", "UPNet.2.weight", "UPNet.4.weight"])
    }

    @Test func theFrozenMeanShiftsMayBeAbsent() throws {
        let lean = try changed { model in
            var state = model[.string("sd")]!.dictionary!
            for key in state.keys {
                if case .string(let name) = key, name.contains("_mean.") { state[key] = nil }
            }
            model[.string("sd")] = .dictionary(state)
        }
        let whole = try LIIFModel(contentsOf: Fixture.path("released-small.pth"))
        #expect(try LIIFModel(released: lean, named: "m.pth").weights == whole.weights)
    }
}
