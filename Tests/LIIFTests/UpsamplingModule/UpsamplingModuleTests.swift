import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// Up-sampling modules: one scale, whole pixels, in strips as in one piece.
@Suite struct UpsamplingModuleTests {
    static let configurations = ModelFileTests.configurations.filter { $0.fixedScale != nil }

    @Test(arguments: configurations, InferencePrecision.supported)
    func upscalingInStripsEqualsEncodingAndRendering(
        _ configuration: ModelConfiguration, precision: InferencePrecision
    )
        throws
    {
        let scale = try #require(configuration.fixedScale)
        let model = LIIFModel.random(configuration)
        // Higher than a strip: several come in and several go out.
        for (height, width) in [(300, 20), (24, 32), (5, 3), (1, 1)] {
            try model.expectStripsEqualWhole(
                height: height, width: width, outputHeight: height * scale, outputWidth: width * scale,
                precision: precision)
        }
    }

    @Test(arguments: configurations) func aRegionEqualsTheCropOfTheWhole(_ configuration: ModelConfiguration)
        throws
    {
        let scale = try #require(configuration.fixedScale)
        let image = try LIIFModel.random(configuration).encode(Fixture.input(), precision: .float32)
        #expect(image.height == 24 && image.width == 32 && image.precision == .float32)
        let whole = try image.rendered(height: 24 * scale, width: 32 * scale)
        // Regions may begin and end on any pixel of the result.
        let step = 1 / Double(scale)
        for region in [
            image.bounds, Region(y: 3, x: 7, height: 5, width: 9),
            Region(y: 24 - step, x: 32 - step, height: step, width: step),
        ] where (region.y * Double(scale)).rounded() == region.y * Double(scale) {
            let (height, width) = (
                Int((region.height * Double(scale)).rounded()), Int((region.width * Double(scale)).rounded())
            )
            guard region.height * Double(scale) == Double(height) else { continue }
            let part = try image.rendered(region, height: height, width: width)
            var crop: [Float] = []
            let (top, left) = (Int(region.y * Double(scale)), Int(region.x * Double(scale)))
            for row in top..<(top + height) {
                let start = (row * 32 * scale + left) * 3
                crop += whole.values[start..<(start + width * 3)]
            }
            #expect(part.values == crop, "\(region)")
        }
    }

    /// Rows above what is shown are made, but do not stay. The oracle is the whole picture.
    @Test(arguments: [false, true]) func rowsAboveWhatIsShownLeaveTheMemory(_ inputSkip: Bool) throws {
        let (height, width) = (600, 128)
        let model = LIIFModel.random(
            .upsampling(.init(encoder: ModelFileTests.encoders[0], scale: 2, inputSkip: inputSkip)))
        let input = FloatImage(
            height: height, width: width, channels: 3,
            values: randomFloats(height * width * 3, seed: 3, in: 0...1))
        let whole = try model.encode(input, precision: .float32).rendered(
            height: 2 * height, width: 2 * width)
        let lastRows = Array(whole.values.suffix(20 * 2 * width * 3))
        func expectLastRows(_ region: Region?, outputHeight: Int, firstRow: Int) throws {
            var next = 0
            let stream = try UpscalingStream(
                model, height: height, width: width, region: region, outputHeight: outputHeight,
                outputWidth: 2 * width, firstRow: firstRow, precision: .float32
            ) { count in
                defer { next += count }
                return input.cropped(rows: next..<next + count)
            }
            var values: [Float] = []
            while let strip = try stream.next() { values += strip.values }
            #expect(values == lastRows)
            #expect(stream.featureRows < height)
        }
        try expectLastRows(
            Region(y: 590, x: 0, height: 10, width: Double(width)), outputHeight: 20, firstRow: 0)
        try expectLastRows(nil, outputHeight: 1200, firstRow: 1180)
    }

    @Test func otherScalesAreRefused() throws {
        let model = LIIFModel.random(.upsampling(.init(encoder: ModelFileTests.encoders[0], scale: 2)))
        let image = try model.encode(Fixture.input(), precision: .float32)
        for (height, width) in [(72, 96), (48, 65), (24, 32)] {
            #expect(
                throws: RenderingError.fixedScale(2, region: image.bounds, height: height, width: width)
            ) { try image.rendered(height: height, width: width) }
        }
        // Half of a pixel of the result.
        let region = Region(y: 0.25, x: 0, height: 1, width: 1)
        #expect(throws: RenderingError.self) { try image.rendered(region, height: 2, width: 2) }
        let error = RenderingError.fixedScale(2, region: image.bounds, height: 72, width: 96)
        #expect(
            error.description
                == "the model enlarges by 2 and nothing else (an up-sampling module): expected 64×48 pixels from "
                + "32×24, found 96×72. LIIF and MetaSR models take any size.")
    }

    /// A module of zeros but for its last bias shows that colour everywhere.
    @Test func theLastLayerIsThePicture() throws {
        let network = LIIFNetwork(.upsampling(.init(encoder: ModelFileTests.encoders[1], scale: 3)))
        let parameters = AlignedBuffer(floats: network.parameters.count)
        for c in 0..<3 {
            parameters.floats[network.parameters.count - 3 + c] = Float(c) / 2 - 0.5
        }
        let image = try LIIFModel(network, parameters: parameters).encode(Fixture.input())
        let shown = try image.rendered(height: 72, width: 96)
        #expect(shown.values == (0..<(72 * 96)).flatMap { _ in [Float(0.25), 0.5, 0.75] })
    }
}
