import Imaging
import LIIF
import LIIFEvaluation
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// A model among what is measured gives what the model itself gives when it is asked in the same way.
@Suite struct LIIFUpscalerTests {
    private let picture = noise(height: 12, width: 17)

    private static let encoder = EncoderConfiguration.edsr(blocks: 1, channels: 8, residualScale: 1)

    private static var tiny: ModelConfiguration {
        var configuration = LIIFConfiguration()
        configuration.encoder = encoder
        configuration.hiddenWidths = [16, 16]
        return .liif(configuration)
    }

    /// Random weights of a gain at which a difference shows in the colours.
    private func model(_ configuration: ModelConfiguration = Self.tiny) -> LIIFModel {
        let network = LIIFNetwork(configuration)
        let values = network.parameters.initialValues(seed: 1).map { 2 * $0 }
        return LIIFModel(network, parameters: AlignedBuffer(values), normalization: .identity)
    }

    @Test func theTrueCellIsTheDefault() throws {
        let model = model()
        let upscaler = LIIFUpscaler(model, precision: .float32)
        #expect(upscaler.name == "LIIF" && upscaler.fixedScale == nil)
        #expect(upscaler.normalization == .identity)
        let image = try model.encode(picture, precision: .float32)
        let result = try upscaler.upscaled(picture, height: 24, width: 34)
        #expect(try result == image.rendered(height: 24, width: 34))
        #expect(
            try result == image.rendered(height: 24, width: 34, cell: Cell(ofImageHeight: 24, width: 34)))
    }

    /// Figure 7: a third of the input's pixels, whatever the output's are.
    @Test func aPartOfTheInputsPixelsIsTold() throws {
        let model = model()
        let upscaler = LIIFUpscaler(model, precision: .float32, cellPart: 3)
        #expect(upscaler.name == "LIIF")
        let image = try model.encode(picture, precision: .float32)
        let result = try upscaler.upscaled(picture, height: 24, width: 34)
        #expect(
            try result == image.rendered(height: 24, width: 34, cell: Cell(ofImageHeight: 36, width: 51)))
        #expect(try result != image.rendered(height: 24, width: 34))
    }

    @Test func theSelfEnsembleIsTheModels() throws {
        let model = model()
        let upscaler = LIIFUpscaler(model, precision: .float32, selfEnsemble: true)
        #expect(upscaler.name == "LIIF+")
        let result = try upscaler.upscaled(picture, height: 24, width: 34)
        let expected = try model.upscaledBySelfEnsemble(
            FloatImage(picture), height: 24, width: 34, precision: .float32)
        #expect(result == expected)
        let plain = try model.encode(picture, precision: .float32).rendered(height: 24, width: 34)
        #expect(result != plain)
    }

    @Test func namesAndScalesAreTheModels() {
        let module = model(.upsampling(UpsamplingConfiguration(encoder: Self.encoder, scale: 2)))
        #expect(LIIFUpscaler(module, selfEnsemble: true).name == "up-sampling module ×2+")
        #expect(LIIFUpscaler(module).fixedScale == 2)
        #expect(LIIFUpscaler(model(), name: "mine", selfEnsemble: true).name == "mine")
    }
}
