import Foundation
import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// Hidden layers in integers against the same model in float32.
@Suite struct IntegerDecoderTests {
    /// 16-bit integers run everywhere, 8-bit ones where the processor has VNNI.
    static let formats = [InferencePrecision.int16, .int8].filter { $0 == .int16 || $0.isSupported }

    /// Root of the mean squared difference of two renderings, in steps of an 8-bit picture.
    func difference(
        _ model: LIIFModel, _ precision: InferencePrecision, height: Int, width: Int
    ) throws -> Double {
        let input = try Fixture.input()
        // The encoder's precision is the same, so that the decoder's difference remains.
        let inFloatingPoint: InferencePrecision = precision.features == .bfloat16 ? .bfloat16 : .float32
        let reference = precision == .int16 ? inFloatingPoint : .float32
        let exact = try model.encode(input, precision: reference).rendered(height: height, width: width)
        let steps = try model.encode(input, precision: precision).rendered(height: height, width: width)
        let sum = zip(exact.values, steps.values).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
        return 255 * (sum / Double(exact.values.count)).squareRoot()
    }

    /// A quarter of a step is an error at 60 dB; BF16's own decoder, to which 16 bits are compared where the features are
    /// in BF16, is that far off.
    @Test(arguments: formats, [(24, 32), (49, 63), (240, 320)])
    func theDefaultModelDiffersByAQuarterOfAStep(_ precision: InferencePrecision, _ size: (Int, Int)) throws {
        let difference = try difference(.default(), precision, height: size.0, width: size.1)
        let bound = precision == .int16 && precision.features == .float32 ? 0.05 : 0.25
        #expect(difference > 0 && difference < bound, "\(difference)")
    }

    /// With 16 units a layer and random weights, roundings average out less than in a trained model.
    @Test(
        arguments: formats, RegionTests.configurations.filter { if case .liif = $0 { true } else { false } })
    func everyKindOfModelStaysNear(
        _ precision: InferencePrecision, _ configuration: ModelConfiguration
    ) throws {
        let difference = try difference(.random(configuration), precision, height: 50, width: 70)
        let bound = precision == .int16 && precision.features == .float32 ? 0.2 : 2
        #expect(difference > 0 && difference < bound, "\(difference)")
    }

    /// Pixels that are far from square: a decoder that took the cell's height for its width would be 13 steps off, one that
    /// took the map's 4; where the scales are alike, as above, it is half a step.
    @Test(arguments: formats) func theCellsHeightIsNotItsWidth(_ precision: InferencePrecision) throws {
        let difference = try difference(.random(.tiny), precision, height: 31, width: 200)
        #expect(difference > 0 && difference < 2, "\(difference)")
    }

    /// Activations that no picture raises, and weights that are all zero, must not divide by zero.
    @Test(arguments: formats) func aSilentModelIsFinite(_ precision: InferencePrecision) throws {
        let network = LIIFNetwork(.tiny)
        let parameters = AlignedBuffer(floats: network.parameters.count)
        let silent = LIIFModel(network, parameters: parameters)
        let result = try silent.encode(Fixture.input(), precision: precision).predictions(
            height: 30, width: 40)
        #expect(result.allSatisfy { $0 == 0 })
    }

    /// Activations beyond a float's range have no steps: such a model is decoded in floating point.
    @Test(arguments: formats) func aModelThatOverflowsIsAsInFloatingPoint(_ precision: InferencePrecision)
        throws
    {
        let network = LIIFNetwork(.tiny)
        var weights = network.parameters.initialValues(seed: 1)
        for entry in network.parameters.entries where entry.name.hasPrefix("imnet") {
            for i in entry.offset..<(entry.offset + entry.count) { weights[i] *= 1e20 }
        }
        let model = LIIFModel(network, parameters: AlignedBuffer(weights))
        func bits(_ precision: InferencePrecision) throws -> [UInt32] {
            try model.encode(Fixture.input(), precision: precision).predictions(height: 30, width: 40)
                .map(\.bitPattern)
        }
        let inFloatingPoint: InferencePrecision = precision.features == .bfloat16 ? .bfloat16 : .float32
        #expect(try bits(precision) == bits(inFloatingPoint))
    }

    /// Pixels larger than any that the ranges are measured with, in a reduction or because they are asked for, would saturate:
    /// told as at a fiftieth of the scale, 16 bits came to 8 dB. They are decoded in floating point, others in integers again.
    @Test(arguments: formats) func largerPixelsAreAsInFloatingPoint(_ precision: InferencePrecision) throws {
        let model = try LIIFModel.default()
        let input = try Fixture.input()
        let inFloatingPoint: InferencePrecision = precision.features == .bfloat16 ? .bfloat16 : .float32
        let (exact, steps) = try (
            model.encode(input, precision: inFloatingPoint), model.encode(input, precision: precision)
        )
        let asked = Cell(height: 2 / (0.02 * 24), width: 2 / (0.02 * 32))
        for (height, width, cell) in [(2, 3, nil), (30, 40, asked), (12, 64, nil)] as [(Int, Int, Cell?)] {
            #expect(
                try steps.rendered(height: height, width: width, cell: cell)
                    == exact.rendered(height: height, width: width, cell: cell), "\(height)×\(width)")
        }
        #expect(
            try steps.rendered(height: 30, width: 40) != exact.rendered(height: 30, width: 40))
    }

    /// Where there is no VNNI, 8 bits would saturate: 16 take their place.
    @Test(.enabled(if: !InferencePrecision.int8.isSupported, "this processor has VNNI"))
    func eightBitsAreSixteenWithoutVNNI() throws {
        let input = try Fixture.input()
        let (eight, sixteen) = try (
            LIIFModel.default().encode(input, precision: .int8).rendered(height: 50, width: 60),
            LIIFModel.default().encode(input, precision: .int16).rendered(height: 50, width: 60)
        )
        #expect(eight.values == sixteen.values)
    }

    @Test func theFastestFormatIsOneThatTheProcessorHas() {
        #expect(InferencePrecision.fastest.isSupported)
        #expect(InferencePrecision.int8.isSupported == (InferencePrecision.fastest == .int8))
    }
}
