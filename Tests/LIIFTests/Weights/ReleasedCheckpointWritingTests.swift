import Foundation
import Imaging
import LIIF
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Models written as the released code saves them: against the release's own layout, PyTorch, and our reader.
@Suite struct ReleasedCheckpointWritingTests {
    @Test(arguments: ModelFileTests.configurations)
    func aWrittenModelReadsBackTheSame(_ configuration: ModelConfiguration) throws {
        try withTemporaryFolder { folder in
            let random = LIIFModel.random(configuration)
            let model = LIIFModel(
                random.network, parameters: random.parameters,
                normalization: PixelNormalization(
                    input: .init(subtract: [0.4488, 0.4371, 0.404], divide: [1]),
                    truth: .init(subtract: [0], divide: [0.5])),
                origin: ["recipe": "a \"recipe\"", "training.state": "{}"])
            let path = "\(folder)/model.pth"
            try model.writeReleasedCheckpoint(to: path)
            let read = try LIIFModel(contentsOf: path)
            #expect(read.configuration == configuration)
            #expect(read.normalization == model.normalization)
            #expect(read.weights == model.weights)
            #expect(read.origin == ["recipe": "a \"recipe\"", "checkpoint": "model.pth"])
        }
    }

    /// The oracle is a file in the release's exact layout: names, order, shapes, values, the frozen layers included.
    @Test func theStateIsTheReleases() throws {
        let path = Fixture.path("released-small.pth")
        let state = try #require(try TorchCheckpoint.read(path)["model"]?["sd"])
        let model = try LIIFModel(contentsOf: path)
        #expect(model.releasedCheckpoint()["model"]?["sd"] == state)
        #expect(model.releasedCheckpoint()["data_norm"] == nil)
        #expect(model.releasedCheckpoint().dictionary?.keys.first == .string("model"))
    }

    /// Each family's specification in a released checkpoint, up to arguments that are the defaults.
    @Test(arguments: GoldenModelTests.family) func thePapersModelsAreAllKnownToTheRelease(_ name: String)
        throws
    {
        let configuration = try ModelConfiguration(released: name)
        let model = LIIFModel.formula(configuration)
        #expect(model.settingsUnknownToTheRelease == [])
        let again = try LIIFModel(released: model.releasedCheckpoint(), named: "again.pth")
        #expect(again.configuration == configuration && again.weights == model.weights)
    }

    @Test func whatTheReleaseDoesNotKnowIsNamed() {
        func unknown(_ change: (inout LIIFConfiguration) -> Void) -> [String] {
            var configuration = LIIFConfiguration.tiny
            change(&configuration)
            return LIIFModel.random(.liif(configuration)).settingsUnknownToTheRelease
        }
        #expect(unknown { _ in } == [])
        #expect(unknown { $0.inputSkip = true } == ["input_skip"])
        #expect(unknown { $0.greatestCellScale = 4 } == ["cell_scale_max"])
        #expect(
            unknown { $0.encoder = .rdn(blocks: 2, layers: 2, growth: 4, channels: 8) } == ["D", "C", "G"])
        // The release's configuration A, by its name.
        #expect(unknown { $0.encoder = .rdn(blocks: 20, layers: 6, growth: 32, channels: 8) } == [])
        #expect(unknown { $0.encoder = .rdn(blocks: 16, layers: 8, growth: 64, channels: 8) } == [])
    }

    @Test(.enabled(if: TestTools.areInstalled, "\(TestTools.missing)"))
    func pyTorchLoadsThemAndRendersTheSame() throws {
        try withTemporaryFolder { folder in
            // The RDN family's files have 88 MB each; a small RDN stands for it.
            let family = GoldenModelTests.family.filter { !$0.hasPrefix("rdn") }
            for name in family {
                try write(ModelConfiguration(released: name), name, in: folder)
            }
            var rdn = LIIFConfiguration()
            rdn.encoder = .rdn(blocks: 20, layers: 6, growth: 32, channels: 8)
            try write(.liif(rdn), "rdn-a", in: folder)
            var skip = LIIFConfiguration.tiny
            skip.inputSkip = true
            try write(.liif(skip), "input-skip.refused", in: folder)
            let outcome = try TestTools.run("check-torch.py", [folder])
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output.contains("input-skip.refused.pth: refused"), "\(outcome.output)")
            for name in family + ["rdn-a"] {
                #expect(outcome.output.contains("\(name).pth: "), "\(outcome.output)")
            }
        }
    }

    /// Random weights as before training, but LIIF's decoder of a gain that keeps its activations' extent.
    private func model(_ configuration: ModelConfiguration) -> LIIFModel {
        let network = LIIFNetwork(configuration)
        var values = network.parameters.initialValues(seed: 1)
        if case .liif = configuration {
            for entry in network.parameters.entries where entry.name.hasPrefix("imnet.") {
                for i in entry.offset..<entry.offset + entry.count { values[i] *= 2.5 }
            }
        }
        return LIIFModel(network, parameters: AlignedBuffer(values))
    }

    private func write(_ configuration: ModelConfiguration, _ name: String, in folder: String) throws {
        let model = model(configuration)
        try model.writeReleasedCheckpoint(to: "\(folder)/\(name).pth")
        let picture = try Fixture.input()
        let image = try model.encode(picture, precision: .float32)
        var file = SafetensorsFile()
        file["image"] = Tensor(
            shape: [picture.height, picture.width, 3], values: picture.samples.map { Float($0) / 255 })
        let scale = model.configuration.fixedScale
        for (height, width) in scale.map({ [(24 * $0, 32 * $0)] }) ?? [(37, 50), (12, 16)] {
            file["\(height)x\(width)"] = Tensor(
                shape: [height, width, 3], values: try image.rendered(height: height, width: width).values)
        }
        try file.write(to: "\(folder)/\(name).safetensors")
    }
}
