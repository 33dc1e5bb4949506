import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// Against PyTorch's definition, written out index by index.
@Suite struct PixelShuffleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let height, width, channels, factor: Int
        var testDescription: String { "\(height)×\(width), \(channels) channels, ×\(factor)" }
        var packed: Int { height * width * channels * factor * factor }
    }

    static let cases = [
        Case(height: 2, width: 3, channels: 2, factor: 2), Case(height: 3, width: 1, channels: 3, factor: 3),
        Case(height: 1, width: 1, channels: 64, factor: 2), Case(height: 4, width: 5, channels: 1, factor: 1),
    ]

    /// out[c, h·r + i, w·r + j] = in[c·r² + i·r + j, h, w]
    @Test(arguments: cases) func channelsFollowTorchsPixelShuffle(_ c: Case) {
        let values = randomFloats(c.packed, seed: 3)
        let result = shuffled(values, c)
        var expected = [Float](repeating: .nan, count: c.packed)
        for h in 0..<c.height {
            for w in 0..<c.width {
                for channel in 0..<c.channels {
                    for i in 0..<c.factor {
                        for j in 0..<c.factor {
                            let source = channel * c.factor * c.factor + i * c.factor + j
                            let row = h * c.factor + i
                            let column = w * c.factor + j
                            expected[(row * c.width * c.factor + column) * c.channels + channel] =
                                values[(h * c.width + w) * c.channels * c.factor * c.factor + source]
                        }
                    }
                }
            }
        }
        #expect(result == expected)
    }

    @Test(arguments: cases) func theGradientAgreesWithFiniteDifferences(_ c: Case) {
        let point = randomFloats(c.packed, seed: 5)
        let weights = randomFloats(c.packed, seed: 7)
        let gradient = AlignedBuffer(weights)
        let result = AlignedBuffer(floats: c.packed)
        PixelShuffle(factor: c.factor, channels: c.channels)
            .backward(gradient.floats, height: c.height, width: c.width, into: result.floats)
        withExtendedLifetime(gradient) {}
        checkGradient(
            of: { values in zip(shuffled(values, c), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            },
            at: point, expected: result.array(c.packed))
    }

    private func shuffled(_ values: [Float], _ c: Case) -> [Float] {
        let source = AlignedBuffer(values)
        let destination = AlignedBuffer(floats: c.packed)
        PixelShuffle(factor: c.factor, channels: c.channels)
            .forward(source.floats, height: c.height, width: c.width, into: destination.floats)
        withExtendedLifetime(source) {}
        return destination.array(c.packed)
    }
}
