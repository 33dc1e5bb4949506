import LIIF
import NeuralNetwork
import RecipeFormat
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct ModelFileTests {
    /// Every switch turned, and everything at once.
    static let configurations: [LIIFConfiguration] = {
        var all: [LIIFConfiguration] = [.tiny]
        func add(_ change: (inout LIIFConfiguration) -> Void) {
            var configuration = LIIFConfiguration.tiny
            change(&configuration)
            all.append(configuration)
        }
        add { $0.cellDecoding = false }
        add { $0.featureUnfolding = false }
        add { $0.localEnsemble = false }
        add { $0.inputSkip = true }
        add { $0.hiddenWidths = [7] }
        add { $0.encoder = .edsr(blocks: 3, channels: 5, residualScale: 0.1) }
        add {
            $0.inputSkip = true
            $0.cellDecoding = false
            $0.featureUnfolding = false
            $0.localEnsemble = false
        }
        return all
    }()

    @Test(arguments: configurations) func aWrittenModelReadsBackTheSame(_ configuration: LIIFConfiguration)
        throws
    {
        try withTemporaryFolder { folder in
            let network = LIIFNetwork(configuration)
            let normalization = PixelNormalization(
                input: .init(subtract: [0.4488, 0.4371, 0.404], divide: [1]),
                truth: .init(subtract: [0], divide: [0.5]))
            let model = LIIFModel(
                network, parameters: AlignedBuffer(network.parameters.initialValues(seed: 3)),
                normalization: normalization, origin: ["trained by": "a test, \"quoted\"\n"])
            let path = "\(folder)/model.safetensors"
            try model.write(to: path)
            let read = try LIIFModel(contentsOf: path)
            #expect(read.configuration == configuration)
            #expect(read.normalization == normalization)
            #expect(read.layout == model.layout)
            #expect(read.origin["trained by"] == "a test, \"quoted\"\n")
            #expect(read.weights.map(\.bitPattern) == model.weights.map(\.bitPattern))
            // Written again it is the same file.
            try read.write(to: "\(folder)/again.safetensors")
            #expect(
                try SafetensorsFile(readingFrom: "\(folder)/again.safetensors").serialized()
                    == SafetensorsFile(readingFrom: path).serialized())
        }
    }

    @Test(arguments: configurations) func specificationsReadBackTheSame(_ configuration: LIIFConfiguration)
        throws
    {
        let text = configuration.specification.json
        let section = RecipeSection(try RecipeMapping(yaml: text, file: "m"), at: .init(file: "m"))
        #expect(try LIIFConfiguration(section) == configuration)
    }

    @Test func theDefaultSpecificationIsTheReleases() throws {
        let released = try Fixture.released("edsr-baseline-liif").specification
        #expect(LIIFConfiguration.edsrBaseline.specification == released)
    }

    @Test func namesAreTheReleases() throws {
        let checkpoint = try TorchCheckpoint.read(Fixture.path("released-small.pth"))
        let state = try #require(checkpoint["model"]?["sd"])
        #expect(
            LIIFModel.random(.tiny).layout.entries.map(\.name)
                == state.namedTensors.map(\.name).filter { !$0.contains("_mean.") })
    }

    @Test func misfitsAreExplained() throws {
        var file = LIIFModel.random(.tiny).safetensors()
        file["imnet.layers.0.bias"] = Tensor(shape: [4, 4])
        file["encoder.body.2.weight"] = nil
        file["imnet.layers.6.weight"] = Tensor(shape: [3])
        file["training.parameters"] = Tensor(shape: [1])
        let error = #expect(throws: ModelFileError.self) { try LIIFModel(file, named: "model.safetensors") }
        #expect(
            error?.description == """
                model.safetensors: the weights do not fit the model that the file describes:
                  missing: encoder.body.2.weight [8, 8, 3, 3]
                  imnet.layers.0.bias has the shape [4, 4], expected [16]
                  unexpected: imnet.layers.6.weight [3]
                """)
    }

    @Test func weightsWithoutADescriptionAreRefused() throws {
        var file = LIIFModel.random(.tiny).safetensors()
        file.metadata = [:]
        let error = #expect(throws: ModelFileError.self) { try LIIFModel(file, named: "plain.safetensors") }
        #expect(error?.description.contains("the metadata key 'liif.model'") == true)
    }

    @Test func aLongListOfMisfitsIsCutShort() throws {
        var file = LIIFModel.random(.tiny).safetensors()
        for name in file.names { file[name] = nil }
        let error = #expect(throws: ModelFileError.self) { try LIIFModel(file, named: "m") }
        #expect(error?.description.hasSuffix("… and 6 more") == true)
    }
}
