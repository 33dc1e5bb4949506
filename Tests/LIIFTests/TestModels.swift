import Foundation
import ImageCodecs
import Imaging
import LIIF
import NeuralNetwork
import RecipeFormat
import TensorFiles
import Tensors
import TestSupport
import Testing

/// The files of Scripts/make-golden-fixtures.py.
enum Fixture {
    static func path(_ name: String) -> String {
        Bundle.module.resourceURL!.appendingPathComponent("Fixtures").appendingPathComponent(name).path
    }

    static func tensors(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(readingFrom: path(name))
    }

    /// 24 rows of 32 pixels.
    static func input() throws -> Image<UInt8> { try Image.read(from: path("input.png")) }

    /// Specifications and parameter counts by model, as released checkpoints have them.
    static func released(_ model: String) throws -> (specification: RecipeMapping, parameters: Int) {
        let models = try RecipeMapping(contentsOf: path("models.json"))
        guard case .mapping(let entry)? = models[model], case .mapping(let specification)? = entry["spec"],
            case .integer(let count)? = entry["trainable_parameters"]
        else { throw CocoaError(.fileReadCorruptFile) }
        return (specification, count)
    }
}

extension InferencePrecision {
    /// What this processor computes natively.
    static var supported: [InferencePrecision] { allCases.filter(\.isSupported) }
}

extension ModelConfiguration {
    init(released model: String) throws {
        let specification = try Fixture.released(model).specification
        try self.init(RecipeSection(specification, at: .init(file: "models.json", keyPath: model)))
    }
}

extension LIIFConfiguration {
    /// Two blocks of 8 channels, two hidden layers of 16.
    static var tiny: LIIFConfiguration {
        var configuration = LIIFConfiguration()
        configuration.encoder = .edsr(blocks: 2, channels: 8, residualScale: 1)
        configuration.hiddenWidths = [16, 16]
        return configuration
    }

    /// The same with 16 channels, which float32 convolves in Winograd's tiles.
    static var tiled: LIIFConfiguration {
        var configuration = tiny
        configuration.encoder = .edsr(blocks: 2, channels: 16, residualScale: 1)
        return configuration
    }
}

extension PixelNormalization {
    /// Other numbers for each channel and each direction. Multiples of 1/256 come through without rounding.
    static let byChannel = PixelNormalization(
        input: Affine(subtract: [0.375, 0.25, 0.625], divide: [0.5, 1, 2]),
        truth: Affine(subtract: [0.25, 0.5, 0.625], divide: [0.5, 0.25, 0.125]))
}

extension LIIFModel {
    /// A model with the goldens' weights.
    static func formula(_ configuration: ModelConfiguration) -> LIIFModel {
        let network = LIIFNetwork(configuration)
        return LIIFModel(
            network,
            parameters: AlignedBuffer(
                network.parameters.entries.flatMap {
                    formulaWeights(name: $0.name, shape: $0.shape, fanIn: $0.fanIn)
                }))
    }

    /// A model with random weights of a gain at which an error anywhere shows in the colours.
    static func random(_ configuration: LIIFConfiguration, seed: UInt64 = 1) -> LIIFModel {
        random(.liif(configuration), seed: seed)
    }

    /// A model with random weights of a gain at which an error anywhere shows in the colours.
    static func random(
        _ configuration: ModelConfiguration, seed: UInt64 = 1, normalization: PixelNormalization = .signed
    ) -> LIIFModel {
        let network = LIIFNetwork(configuration)
        let values = network.parameters.initialValues(seed: seed).map { 2 * $0 }
        return LIIFModel(network, parameters: AlignedBuffer(values), normalization: normalization)
    }

    /// All parameters.
    var weights: [Float] { parameters.array(parameterCount) }
}

extension LIIFModel {
    /// An image that goes in and comes out in strips equals the one that is encoded and rendered whole.
    func expectStripsEqualWhole(
        height: Int, width: Int, outputHeight: Int, outputWidth: Int, precision: InferencePrecision
    ) throws {
        let values = randomFloats(height * width * 3, seed: 8, in: 0...1)
        let input = FloatImage(height: height, width: width, channels: 3, values: values)
        let whole = try encode(input, precision: precision).rendered(height: outputHeight, width: outputWidth)
        var given = 0
        var result: [Float] = []
        try upscale(
            height: height, width: width, outputHeight: outputHeight, outputWidth: outputWidth,
            precision: precision
        ) { count in
            let rows = values[(given * width * 3)..<((given + count) * width * 3)]
            given += count
            return FloatImage(height: count, width: width, channels: 3, values: Array(rows))
        } strip: {
            result += $0.values
        }
        #expect(given == height && result == whole.values, "\(height)×\(width)")
    }
}
