import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// `input_skip`: bilinear interpolation of the input with repeated borders.
@Suite struct InputSkipTests {
    /// A model whose decoder says 0 everywhere: what remains is the skip.
    func silentModel() -> LIIFModel {
        var configuration = LIIFConfiguration.tiny
        configuration.inputSkip = true
        let network = LIIFNetwork(configuration)
        return LIIFModel(network, parameters: AlignedBuffer(floats: network.parameters.count))
    }

    @Test func atTheInputsOwnSizeItIsTheInput() throws {
        let input = FloatImage(try Fixture.input())
        let result = try silentModel().encode(input, precision: .float32).rendered(height: 24, width: 32)
        assertClose(actual: result.values, expected: input.values, absolute: 1e-6)
    }

    @Test(arguments: [(48, 64), (89, 118), (31, 200), (1, 1), (7, 5)])
    func itIsBilinear(_ size: (height: Int, width: Int)) throws {
        let input = FloatImage(try Fixture.input())
        let result = try silentModel().encode(input, precision: .float32)
            .rendered(height: size.height, width: size.width)
        /// Two pixels and the second one's share, half-pixel centres, in double.
        func span(_ i: Int, _ n: Int, _ count: Int) -> (Int, Int, Double) {
            let position = min(max((Double(i) + 0.5) * Double(count) / Double(n) - 0.5, 0), Double(count - 1))
            let first = Int(position)
            return (first, min(first + 1, count - 1), position - Double(first))
        }
        var expected: [Float] = []
        for y in 0..<size.height {
            let (top, bottom, v) = span(y, size.height, 24)
            for x in 0..<size.width {
                let (left, right, u) = span(x, size.width, 32)
                for c in 0..<3 {
                    func pixel(_ y: Int, _ x: Int) -> Double { Double(input.values[(y * 32 + x) * 3 + c]) }
                    let above = pixel(top, left) * (1 - u) + pixel(top, right) * u
                    let below = pixel(bottom, left) * (1 - u) + pixel(bottom, right) * u
                    expected.append(Float(above * (1 - v) + below * v))
                }
            }
        }
        assertClose(actual: result.values, expected: expected, absolute: 1e-5)
    }

    @Test func itIsAddedToThePrediction() throws {
        let plain = LIIFModel.random(.tiny)
        var configuration = LIIFConfiguration.tiny
        configuration.inputSkip = true
        let skipping = LIIFModel(LIIFNetwork(configuration), parameters: plain.parameters)
        let input = try Fixture.input()
        func predict(_ model: LIIFModel) throws -> [Float] {
            try model.encode(input, precision: .float32).predictions(height: 40, width: 50)
        }
        let sum = zip(try predict(plain), try predict(silentModel())).map { $0 + $1 }
        assertClose(actual: try predict(skipping), expected: sum, absolute: 1e-6)
    }
}
