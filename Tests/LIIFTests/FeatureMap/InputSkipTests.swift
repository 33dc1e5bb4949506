import Imaging
import LIIF
import NeuralNetwork
import RecipeFormat
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

    /// The input as its definition says: half-pixel centres, repeated borders, in double.
    /// - Parameter region: In the input's pixels.
    private func interpolated(_ input: FloatImage, _ region: Region, height: Int, width: Int) -> [Float] {
        /// Two pixels and the second one's share.
        func span(_ i: Int, _ n: Int, _ start: Double, _ extent: Double, _ count: Int) -> (Int, Int, Double) {
            let centre = start + (Double(i) + 0.5) * extent / Double(n) - 0.5
            let position = min(max(centre, 0), Double(count - 1))
            let first = Int(position)
            return (first, min(first + 1, count - 1), position - Double(first))
        }
        var values: [Float] = []
        for y in 0..<height {
            let (top, bottom, v) = span(y, height, region.y, region.height, 24)
            for x in 0..<width {
                let (left, right, u) = span(x, width, region.x, region.width, 32)
                for c in 0..<3 {
                    func pixel(_ y: Int, _ x: Int) -> Double { Double(input.values[(y * 32 + x) * 3 + c]) }
                    let above = pixel(top, left) * (1 - u) + pixel(top, right) * u
                    let below = pixel(bottom, left) * (1 - u) + pixel(bottom, right) * u
                    values.append(Float(above * (1 - v) + below * v))
                }
            }
        }
        return values
    }

    @Test(arguments: [(48, 64), (89, 118), (31, 200), (1, 1), (7, 5)])
    func itIsBilinear(_ size: (height: Int, width: Int)) throws {
        let input = FloatImage(try Fixture.input())
        let result = try silentModel().encode(input, precision: .float32)
        assertClose(
            actual: try result.rendered(height: size.height, width: size.width).values,
            expected: interpolated(input, result.bounds, height: size.height, width: size.width),
            absolute: 1e-5)
    }

    /// Parts whose pixels are none of the whole picture's, at the borders and between them.
    @Test(arguments: [
        Region(y: 3.3, x: 7.1, height: 9.45, width: 13.7), Region(y: 0, x: 20.2, height: 0.7, width: 11.8),
        Region(y: 22.9, x: 0, height: 1.1, width: 31.3),
    ]) func aPartIsSeenWhereItIs(_ region: Region) throws {
        let input = FloatImage(try Fixture.input())
        let result = try silentModel().encode(input, precision: .float32)
        for (height, width) in [(31, 17), (4, 50), (1, 1)] {
            assertClose(
                actual: try result.rendered(region, height: height, width: width).values,
                expected: interpolated(input, region, height: height, width: width), absolute: 1e-5,
                "\(height)×\(width)")
        }
    }

    static let kinds: [(plain: ModelConfiguration, skipping: ModelConfiguration)] = {
        var liif = LIIFConfiguration.tiny
        liif.inputSkip = true
        let encoder = LIIFConfiguration.tiny.encoder
        return [
            (.liif(.tiny), .liif(liif)),
            (
                .metaSR(MetaSRConfiguration(encoder: encoder, hiddenWidth: 9)),
                .metaSR(MetaSRConfiguration(encoder: encoder, hiddenWidth: 9, inputSkip: true))
            ),
        ]
            + [2, 3, 4].map {
                (
                    .upsampling(UpsamplingConfiguration(encoder: encoder, scale: $0)),
                    .upsampling(UpsamplingConfiguration(encoder: encoder, scale: $0, inputSkip: true))
                )
            }
    }()

    /// Whatever the decoder, whole and in strips.
    @Test(arguments: 0..<kinds.count) func itIsAddedToThePrediction(_ kind: Int) throws {
        let (plainKind, kind) = Self.kinds[kind]
        let plain = LIIFModel.random(plainKind)
        let skipping = LIIFModel(LIIFNetwork(kind), parameters: plain.parameters)
        let input = try Fixture.input()
        let scale = kind.fixedScale
        let (height, width) = scale.map { (24 * $0, 32 * $0) } ?? (40, 50)
        func predict(_ model: LIIFModel) throws -> [Float] {
            try model.encode(input, precision: .float32).predictions(height: height, width: width)
        }
        let sum = zip(try predict(plain), try bilinear(height, width)).map { $0 + $1 }
        assertClose(actual: try predict(skipping), expected: sum, absolute: 1e-6)
        let whole = try skipping.encode(input, precision: .float32).rendered(height: height, width: width)
        var next = 0
        let stream = try UpscalingStream(
            skipping, height: 24, width: 32, outputHeight: height, outputWidth: width, precision: .float32
        ) { count in
            defer { next += count }
            return FloatImage(input).cropped(rows: next..<next + count)
        }
        var values: [Float] = []
        while let strip = try stream.next() { values += strip.values }
        assertClose(actual: values, expected: whole.values, absolute: 1e-6)
        // The specification says it.
        let section = RecipeSection(kind.specification, at: .init(file: "test"))
        #expect(try ModelConfiguration(section) == kind)
        #expect(kind.inputSkip && !plainKind.inputSkip)
    }

    private func bilinear(_ height: Int, _ width: Int) throws -> [Float] {
        try silentModel().encode(try Fixture.input(), precision: .float32).predictions(
            height: height, width: width)
    }
}
