import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

@Suite struct SelfEnsembleTests {
    /// A model without weights but the input skip gives the bilinear picture, whichever way it is turned.
    @Test(arguments: [(24, 32), (50, 41), (7, 130)])
    func ofAModelThatKnowsNothingItIsTheBilinearPicture(_ height: Int, width: Int) throws {
        var configuration = LIIFConfiguration.tiny
        configuration.inputSkip = true
        let network = LIIFNetwork(configuration)
        let model = LIIFModel(network, parameters: AlignedBuffer(floats: network.parameters.count))
        let input = FloatImage(try Fixture.input())
        let plain = try model.encode(input, precision: .float32).rendered(height: height, width: width)
        var steps: [Int] = []
        let ensemble = try model.upscaledBySelfEnsemble(
            input, height: height, width: width, precision: .float32
        ) { done, all in
            #expect(all == 8)
            steps.append(done)
        }
        #expect(ensemble.height == height && ensemble.width == width && steps == Array(1...8))
        assertClose(actual: ensemble.values, expected: plain.values, absolute: 1e-5)
    }

    /// What is averaged over all turns does not depend on how the picture was turned at first.
    @Test func aFlippedPictureGivesTheFlippedResult() throws {
        let model = LIIFModel.random(.liif(.tiny))
        let input = try Fixture.input()
        func ensemble(_ image: Image<UInt8>, _ height: Int, _ width: Int) throws -> FloatImage {
            try model.upscaledBySelfEnsemble(
                FloatImage(image), height: height, width: width, precision: .float32)
        }
        let result = try ensemble(input, 55, 70)
        let other = try ensemble(input.transposed().flippedHorizontally(), 70, 55)
        var difference: Float = 0
        for y in 0..<55 {
            for x in 0..<70 {
                for c in 0..<3 {
                    let turned = other.values[(x * 55 + 54 - y) * 3 + c]
                    difference = max(difference, abs(result.values[(y * 70 + x) * 3 + c] - turned))
                }
            }
        }
        #expect(difference < 2e-5)
        let plain = try model.encode(input, precision: .float32).rendered(height: 55, width: 70)
        #expect(plain != result)
    }
}
