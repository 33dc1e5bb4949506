import Foundation
import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// 8-bit hidden layers against the same model in float32.
@Suite(.enabled(if: InferencePrecision.int8.isSupported, "needs VNNI"))
struct EightBitDecoderTests {
    /// Root of the mean squared difference of two renderings, in steps of an 8-bit picture.
    func difference(_ model: LIIFModel, height: Int, width: Int) throws -> Double {
        let input = try Fixture.input()
        let exact = try model.encode(input, precision: .float32).rendered(height: height, width: width)
        let steps = try model.encode(input, precision: .int8).rendered(height: height, width: width)
        let sum = zip(exact.values, steps.values).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
        return 255 * (sum / Double(exact.values.count)).squareRoot()
    }

    /// A quarter of a step is an error at 60 dB.
    @Test(arguments: [(24, 32), (49, 63), (240, 320)])
    func theDefaultModelDiffersByAQuarterOfAStep(_ height: Int, width: Int) throws {
        let difference = try difference(.default(), height: height, width: width)
        #expect(difference > 0 && difference < 0.25)
    }

    /// With 16 units a layer and random weights, roundings average out less than in a trained model.
    @Test(arguments: RegionTests.configurations.filter { if case .liif = $0 { true } else { false } })
    func everyKindOfModelStaysNear(_ configuration: ModelConfiguration) throws {
        let difference = try difference(.random(configuration), height: 50, width: 70)
        #expect(difference > 0 && difference < 2, "\(difference)")
    }

    /// Activations that no picture raises, and weights that are all zero, must not divide by zero.
    @Test func aSilentModelIsFinite() throws {
        let network = LIIFNetwork(.tiny)
        let parameters = AlignedBuffer(floats: network.parameters.count)
        let silent = LIIFModel(network, parameters: parameters)
        let result = try silent.encode(Fixture.input(), precision: .int8).predictions(height: 30, width: 40)
        #expect(result.allSatisfy { $0 == 0 })
    }
}
