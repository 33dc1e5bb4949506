import Foundation
import ImageCodecs
import Imaging
import LIIF
import Testing

@Suite struct EmbeddedModelTests {
    /// The oracle is the photograph itself, reduced and enlarged again; bicubic is what a model has to beat.
    @Test(arguments: [2, 3, 4]) func theEmbeddedModelIsBetterThanBicubic(scale: Int) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Examples/coffee.png").path
        let photo = try Image<UInt8>.read(from: path)
        let truth = photo.cropped(
            y: 0, x: 0, height: photo.height / scale * scale, width: photo.width / scale * scale)
        let small = truth.resizedBicubic(height: truth.height / scale, width: truth.width / scale)
        let model = try LIIFModel.default().encode(small).rendered(height: truth.height, width: truth.width)
        let bicubic = small.resizedBicubic(height: truth.height, width: truth.width)
        let gain = psnr(model, truth) - psnr(FloatImage(bicubic), truth)
        #expect(gain > 0.7, "\(gain) dB at scale \(scale)")
    }

    /// Nothing of a training run belongs into the program.
    @Test func theEmbeddedFileHoldsWeightsOnly() throws {
        let model = try LIIFModel.default()
        let header = 100_000
        #expect(LIIFModel.defaultFile.count < 4 * model.parameterCount + header)
    }

    private func psnr(_ image: FloatImage, _ truth: Image<UInt8>) -> Double {
        let truth = FloatImage(truth)
        let squares = zip(image.values, truth.values).map { Double(($0 - $1) * ($0 - $1)) }
        return -10 * log10(squares.reduce(0, +) / Double(squares.count))
    }
}
