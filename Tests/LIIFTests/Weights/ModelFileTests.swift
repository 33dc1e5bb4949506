import LIIF
import NeuralNetwork
import RecipeFormat
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct ModelFileTests {
    /// Every switch turned, and everything at once.
    static let configurations: [ModelConfiguration] = {
        var all: [ModelConfiguration] = [.liif(.tiny)]
        func add(_ change: (inout LIIFConfiguration) -> Void) {
            var configuration = LIIFConfiguration.tiny
            change(&configuration)
            all.append(.liif(configuration))
        }
        add { $0.cellDecoding = false }
        add { $0.featureUnfolding = false }
        add { $0.localEnsemble = false }
        add { $0.inputSkip = true }
        add { $0.greatestCellScale = 4 }
        add { $0.greatestCellScale = 3.5 }
        add { $0.hiddenWidths = [7] }
        add { $0.encoder = .edsr(blocks: 3, channels: 5, residualScale: 0.1) }
        add {
            $0.inputSkip = true
            $0.cellDecoding = false
            $0.featureUnfolding = false
            $0.localEnsemble = false
        }
        all += decoders
        return all
    }()

    @Test(arguments: [
        EncoderConfiguration.rdn(blocks: 20, layers: 6, growth: 32, channels: 64),
        .rdn(blocks: 16, layers: 8, growth: 64, channels: 48),
        .rdn(blocks: 3, layers: 8, growth: 64, channels: 64),
        .edsr(blocks: 32, channels: 256, residualScale: 0.1),
    ]) func encodersReadBackTheSame(_ encoder: EncoderConfiguration) throws {
        let section = RecipeSection(encoder.specification(), at: .init(file: "m"))
        let (read, scale) = try EncoderConfiguration.read(section)
        #expect(read == encoder && scale == nil)
    }

    static let encoders: [EncoderConfiguration] = [
        .edsr(blocks: 2, channels: 8, residualScale: 1), .rdn(blocks: 2, layers: 2, growth: 6, channels: 5),
    ]

    /// The other decoders under both encoders.
    static let decoders = encoders.flatMap { encoder -> [ModelConfiguration] in
        [.metaSR(MetaSRConfiguration(encoder: encoder, hiddenWidth: 19))]
            + encoder.upsamplingScales.map { .upsampling(.init(encoder: encoder, scale: $0)) }
    }

    /// Folders of its author's among them.
    @Test func aModelThatIsWrittenAgainSaysNothingOfItsTraining() throws {
        let network = LIIFNetwork(ModelConfiguration.liif(.tiny))
        let model = LIIFModel(
            network, parameters: AlignedBuffer(network.parameters.initialValues(seed: 3)),
            origin: [
                "recipe": "mine.yaml", "training.recipe": "root_path: /home/me", "training.state": "{}",
            ])
        let metadata = model.safetensors().metadata
        #expect(metadata["recipe"] == "mine.yaml")
        #expect(metadata.keys.allSatisfy { !$0.hasPrefix("training.") })
    }

    @Test(arguments: configurations) func aWrittenModelReadsBackTheSame(_ configuration: ModelConfiguration)
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

    @Test(arguments: configurations) func specificationsReadBackTheSame(_ configuration: ModelConfiguration)
        throws
    {
        let text = configuration.specification.json
        let section = RecipeSection(try RecipeMapping(yaml: text, file: "m"), at: .init(file: "m"))
        #expect(try ModelConfiguration(section) == configuration)
    }

    @Test(arguments: GoldenModelTests.family) func specificationsAreTheReleases(_ name: String) throws {
        let configuration = try ModelConfiguration(released: name)
        #expect(try configuration.specification == Fixture.released(name).specification)
    }

    func read(_ yaml: String) throws -> ModelConfiguration {
        try ModelConfiguration(
            RecipeSection(RecipeMapping(yaml: yaml, file: "m"), at: .init(file: "m", keyPath: "model")))
    }

    @Test func anEncoderAloneIsItsUpsamplingModule() throws {
        #expect(
            try read("{name: edsr-baseline, args: {scale: 4}}")
                == .upsampling(.init(encoder: .edsrBaseline, scale: 4)))
        #expect(
            try read("{name: rdn, args: {scale: 3, no_upsampling: false}}")
                == .upsampling(.init(encoder: .rdnPaper, scale: 3)))
        // The release's default scale.
        #expect(try read("{name: rdn, args: {}}") == .upsampling(.init(encoder: .rdnPaper, scale: 2)))
    }

    @Test(arguments: [
        ("{name: rdn, args: {scale: 8}}", "model.args.scale: found 8, expected a scale that rdn's"),
        ("{name: edsr, args: {scale: 5}}", "for: 2, 3, 4, 8."),
        (
            "{name: rdn, args: {no_upsampling: true}}",
            "an encoder without its up-sampling module makes no picture"
        ),
        (
            "{name: metasr, args: {encoder_spec: {name: rdn, args: {scale: 2}}}}",
            "no_upsampling: found nothing, expected true"
        ),
        (
            "{name: liif, args: {encoder_spec: {name: rdn, args: {no_upsampling: true}}}}",
            "'imnet_spec' is missing"
        ),
        (
            "{name: liif, args: {encoder_spec: {name: rdn, args: {}}, imnet_spec: {name: mlp, args: {out_dim: 3, "
                + "hidden_list: [8]}}}}", "no_upsampling: found nothing, expected true"
        ),
        (
            "{name: sirenet, args: {}}",
            "found the text 'sirenet', expected liif or metasr or edsr-baseline or"
        ),
    ]) func impossibleModelsAreExplained(_ yaml: String, message: String) throws {
        let error = #expect(throws: RecipeError.self) { try read(yaml) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
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

    @Test func whatSteersATerminalIsEscaped() throws {
        var file = LIIFModel.random(.tiny).safetensors()
        file["\u{1B}[2J\n"] = Tensor(shape: [Int](repeating: 1, count: 1000), values: [0])
        let error = #expect(throws: ModelFileError.self) { try LIIFModel(file, named: "\u{1B}c.safetensors") }
        let text = try #require(error?.description)
        #expect(text.hasPrefix(#"\u{1b}c.safetensors: the weights"#))
        // A shape is cut as a name is.
        #expect(text.contains(#"unexpected: \u{1b}[2J\n [1, 1, "#) && text.hasSuffix("…") && text.count < 300)
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

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func weightsThatAreNotFiniteAreRefused(
        _ value: Float
    ) throws {
        var file = LIIFModel.random(.tiny).safetensors()
        let name = "imnet.layers.2.weight"
        var tensor = try #require(file[name])
        tensor.values[3] = value
        file[name] = tensor
        let damaged = file
        #expect(
            throws: ModelFileError.mismatch(
                file: "a.safetensors", problems: ["\(name) holds numbers that are not finite"])
        ) { try LIIFModel(damaged, named: "a.safetensors") }
    }
}
