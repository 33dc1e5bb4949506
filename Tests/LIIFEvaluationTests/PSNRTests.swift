import Foundation
import Imaging
import LIIFTraining
import Testing

/// Numbers that follow from an element's index; the predictions leave [0, 1] at both ends.
private func pictures(height: Int, width: Int) -> (prediction: FloatImage, truth: Image<UInt8>) {
    let indices = 0..<height * width * 3
    return (
        FloatImage(
            height: height, width: width, channels: 3,
            values: indices.map { Float($0 * 37 % 131) / 100 - 0.1 }),
        Image(
            width: width, height: height, channels: 3, samples: indices.map { UInt8($0 * 73 % 256) })
    )
}

private func flat(_ value: Float, height: Int = 20, width: Int = 30) -> FloatImage {
    FloatImage(
        height: height, width: width, channels: 3,
        values: [Float](repeating: value, count: height * width * 3))
}

@Suite struct PSNRTests {
    /// Oracle: numpy, the released formula in double precision: clip, weights over 256, border, mean, logarithm.
    @Test(arguments: [
        (EvaluationProtocol.none, 13, 17, 6.606136083456682),
        (.benchmark(scale: 2), 13, 17, 12.930108176643289), (.divided2K(scale: 2), 21, 25, 7.318777755067714),
    ])
    func agreesWithNumpy(
        evaluationProtocol: EvaluationProtocol, height: Int, width: Int, expected: Double
    ) {
        let (prediction, truth) = pictures(height: height, width: width)
        #expect(abs(evaluationProtocol.psnr(prediction: prediction, truth: truth) - expected) < 1e-5)
    }

    /// Oracle: −20·log₁₀ of a constant difference; for luma times 219.859 / 256.
    @Test func aConstantDifferenceByHand() {
        let black = Image<UInt8>(width: 30, height: 20, channels: 3)
        #expect(abs(EvaluationProtocol.faces.psnr(prediction: flat(0.1), truth: black) - 20) < 1e-5)
        #expect(
            abs(EvaluationProtocol.divided2K(scale: 2).psnr(prediction: flat(0.1), truth: black) - 20) < 1e-5)
        let luma = -20 * log10(0.1 * 219.859 / 256)
        #expect(
            abs(EvaluationProtocol.benchmark(scale: 3).psnr(prediction: flat(0.1), truth: black) - luma)
                < 1e-5)
    }

    @Test func isNotRoundedButClamped() {
        let black = Image<UInt8>(width: 30, height: 20, channels: 3)
        // A tenth of an 8-bit step counts: 20·log₁₀(2550).
        let tiny = EvaluationProtocol.none.psnr(prediction: flat(0.1 / 255), truth: black)
        #expect(abs(tiny - 20 * log10(2550)) < 1e-4)
        #expect(EvaluationProtocol.none.psnr(prediction: flat(-3), truth: black) == .infinity)
        #expect(EvaluationProtocol.none.psnr(prediction: flat(.nan), truth: black).isNaN)
    }

    /// At every level; 100 / 255, for one, is another number in single precision than in double.
    @Test(arguments: [EvaluationProtocol.none, .benchmark(scale: 1), .divided2K(scale: 1)])
    func equalPicturesHaveNoError(evaluationProtocol: EvaluationProtocol) {
        let levels = Image<UInt8>(
            width: 32, height: 32, channels: 3, samples: (0..<32 * 32 * 3).map { UInt8($0 / 3 % 256) })
        #expect(evaluationProtocol.psnr(prediction: FloatImage(levels), truth: levels) == .infinity)
    }

    /// A difference just outside the border counts for nothing, just inside it counts.
    @Test(arguments: [EvaluationProtocol.none, .benchmark(scale: 3), .divided2K(scale: 3)])
    func bordersAreLeftOut(evaluationProtocol: EvaluationProtocol) {
        let black = Image<UInt8>(width: 30, height: 20, channels: 3)
        let border = [EvaluationProtocol.none: 0, .benchmark(scale: 3): 3, .divided2K(scale: 3): 9]
        #expect(evaluationProtocol.border == border[evaluationProtocol])
        let first = evaluationProtocol.border
        for (y, x) in [(first, first), (19 - first, 29 - first)] {
            var inside = flat(0)
            inside.values[(y * 30 + x) * 3] = 1
            #expect(evaluationProtocol.psnr(prediction: inside, truth: black).isFinite)
        }
        guard first > 0 else { return }
        var outside = flat(0)
        for y in 0..<20 {
            for x in 0..<30 where min(y, x, 19 - y, 29 - x) < first {
                outside.values[(y * 30 + x) * 3 + 1] = 1
            }
        }
        #expect(evaluationProtocol.psnr(prediction: outside, truth: black) == .infinity)
        #expect(evaluationProtocol.measures(height: 2 * first + 1, width: 30))
        #expect(!evaluationProtocol.measures(height: 30, width: 2 * first))
    }
}
