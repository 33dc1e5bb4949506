import Imaging
import LIIF
import Tensors
import TestSupport
import Testing

/// Properties of rendering that need no golden.
@Suite struct RegionTests {
    static let configurations = ModelFileTests.configurations.filter { $0.fixedScale == nil }

    func image(_ configuration: ModelConfiguration, _ precision: InferencePrecision = .float32) throws
        -> ContinuousImage
    {
        try LIIFModel.random(configuration).encode(Fixture.input(), precision: precision)
    }

    @Test(arguments: configurations, InferencePrecision.supported)
    func aRegionEqualsTheCropOfTheWhole(_ configuration: ModelConfiguration, precision: InferencePrecision)
        throws
    {
        let image = try image(configuration, precision)
        let scale = 5
        let whole = try image.rendered(height: 24 * scale, width: 32 * scale)
        for (y, x, height, width) in [
            (0, 0, 24, 32), (3, 7, 5, 9), (0, 31, 24, 1), (23, 0, 1, 32), (11, 13, 1, 1),
        ] {
            let region = Region(y: Double(y), x: Double(x), height: Double(height), width: Double(width))
            let part = try image.rendered(region, height: height * scale, width: width * scale)
            var crop: [Float] = []
            for row in (y * scale)..<((y + height) * scale) {
                let start = (row * 32 * scale + x * scale) * 3
                crop += whole.values[start..<(start + width * scale * 3)]
            }
            #expect(part.values == crop, "\(region)")
        }
    }

    @Test(arguments: configurations) func stripsAreTheWhole(_ configuration: ModelConfiguration) throws {
        let image = try image(configuration)
        // Tall enough for several bands.
        let whole = try image.rendered(height: 700, width: 301)
        var rows: [Float] = []
        var strips = 0
        try image.render(height: 700, width: 301) { strip in
            #expect(strip.width == 301)
            rows += strip.values
            strips += 1
        }
        #expect(strips > 1 && rows == whole.values)
    }

    /// A reduction's bands lie further apart than the rows that each of them needs. The oracle is the whole map.
    @Test func rowsBetweenBandsArePassedOver() throws {
        let (height, width) = (420, 4096)
        let values = randomFloats(height * width * 3, seed: 6, in: 0...1)
        let input = FloatImage(height: height, width: width, channels: 3, values: values)
        for configuration in [LIIFConfiguration.tiny, .tiled] {
            let model = LIIFModel.random(.liif(configuration))
            var next = 0
            let stream = try UpscalingStream(
                model, height: height, width: width, outputHeight: 3, outputWidth: 5, precision: .float32
            ) { count in
                defer { next += count }
                return input.cropped(rows: next..<next + count)
            }
            var reduced: [Float] = []
            while let strip = try stream.next() { reduced += strip.values }
            let whole = try model.encode(input, precision: .float32).rendered(height: 3, width: 5)
            #expect(reduced == whole.values)
            #expect(stream.featureRows < 40)
        }
    }

    /// MetaSR asks half a pixel above the pixel's centre, here 70 rows. The oracle is the whole map.
    @Test(arguments: [false, true]) func rowsBetweenLatentsAndPixelsArePassedOver(_ inputSkip: Bool) throws {
        let (height, width) = (280, 1024)
        let input = FloatImage(
            height: height, width: width, channels: 3,
            values: randomFloats(height * width * 3, seed: 6, in: 0...1))
        let model = LIIFModel.random(
            .metaSR(
                MetaSRConfiguration(
                    encoder: LIIFConfiguration.tiny.encoder, hiddenWidth: 19, inputSkip: inputSkip)))
        var next = 0
        let stream = try UpscalingStream(
            model, height: height, width: width, outputHeight: 2, outputWidth: 3, precision: .float32
        ) { count in
            defer { next += count }
            return input.cropped(rows: next..<next + count)
        }
        var reduced: [Float] = []
        while let strip = try stream.next() { reduced += strip.values }
        let whole = try model.encode(input, precision: .float32).rendered(height: 2, width: 3)
        #expect(reduced == whole.values)
        #expect(stream.featureRows < 60)
    }

    @Test(arguments: [(1, 1), (1, 9), (7, 1), (2, 3)])
    func tinyImagesAndResults(_ extent: (height: Int, width: Int)) throws {
        let values = randomFloats(extent.height * extent.width * 3, seed: 4, in: 0...1)
        let input = FloatImage(height: extent.height, width: extent.width, channels: 3, values: values)
        for configuration in Self.configurations {
            let image = try LIIFModel.random(configuration).encode(input, precision: .float32)
            for (height, width) in [(1, 1), (1, 13), (11, 2)] {
                let result = try image.rendered(height: height, width: width)
                #expect(result.height == height && result.width == width)
                #expect(result.values.allSatisfy { $0 >= 0 && $0 <= 1 })
                let predictions = try image.predictions(height: height, width: width)
                let shown = predictions.map { min(max($0 * 0.5 + 0.5, 0), 1) }
                assertClose(actual: result.values, expected: shown, absolute: 1e-6)
            }
        }
    }

    @Test func theTrueCellIsTheDefault() throws {
        let image = try image(.liif(.tiny))
        let plain = try image.rendered(height: 60, width: 100)
        #expect(
            try image.rendered(height: 60, width: 100, cell: Cell(ofImageHeight: 60, width: 100)) == plain)
        #expect(try image.rendered(height: 60, width: 100, cell: Cell(ofImageHeight: 24, width: 32)) != plain)
    }

    /// The pixels of a part count by their share of the whole image, also where they are not pixels of a whole one.
    @Test func theCellOfAPartIsThatOfItsPixels() throws {
        let image = try image(.liif(.tiny))
        let region = Region(y: 3.3, x: 7.1, height: 9.45, width: 13.7)
        let cell = Cell(height: Float(2 * 9.45 / 31 / 24), width: Float(2 * 13.7 / 60 / 32))
        let plain = try image.rendered(region, height: 31, width: 60)
        assertClose(
            actual: plain.values,
            expected: try image.rendered(region, height: 31, width: 60, cell: cell).values, absolute: 1e-5)
        let exchanged = try image.rendered(
            region, height: 31, width: 60, cell: Cell(height: cell.width, width: cell.height))
        let difference = zip(plain.values, exchanged.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(difference > 1e-3)
    }

    /// The oracle is the plain model, which is shown colours that were moved so that its network sees the same; what it
    /// predicts is scaled here.
    @Test(arguments: ModelFileTests.configurations)
    func everyChannelIsScaledAsTheModelSays(_ configuration: ModelConfiguration) throws {
        let normalization = PixelNormalization.byChannel
        let (input, truth) = (normalization.input, normalization.truth)
        let model = LIIFModel.random(configuration, normalization: normalization)
        func picture(_ values: [Float]) -> FloatImage {
            FloatImage(height: 24, width: 32, channels: 3, values: values)
        }
        // Multiples of 1/256, so that nothing is rounded.
        let colours = randomFloats(24 * 32 * 3, seed: 6, in: 0...1).map { ($0 * 256).rounded() / 256 }
        let moved = colours.enumerated().map { i, colour -> Float in
            let normalized = (colour - input.subtract[i % 3]) / input.divide[i % 3]
            return 0.5 + 0.5 * normalized
        }
        let scale = configuration.fixedScale
        let (height, width) = (scale.map { 24 * $0 } ?? 31, scale.map { 32 * $0 } ?? 75)
        let predictions = try LIIFModel.random(configuration).encode(picture(moved), precision: .float32)
            .predictions(height: height, width: width)
        let expected = predictions.enumerated().map { i, prediction -> Float in
            let shown = prediction * truth.divide[i % 3] + truth.subtract[i % 3]
            return min(max(shown, 0), 1)
        }
        let image = try model.encode(picture(colours), precision: .float32)
        #expect(try image.predictions(height: height, width: width) == predictions)
        let result = try image.rendered(height: height, width: width)
        assertClose(actual: result.values, expected: expected, absolute: 1e-6)
        // Strips are scaled elsewhere.
        try model.expectStripsEqualWhole(
            height: 24, width: 32, outputHeight: height, outputWidth: width, precision: .float32)
    }

    @Test(arguments: configurations, InferencePrecision.supported)
    func upscalingInStripsEqualsEncodingAndRendering(
        _ configuration: ModelConfiguration, precision: InferencePrecision
    ) throws {
        let model = LIIFModel.random(configuration)
        // Higher than a strip: several come in and several go out.
        for (height, width, outputHeight, outputWidth) in [
            (300, 20, 1000, 74), (24, 32, 31, 200), (5, 3, 2, 1),
        ] {
            try model.expectStripsEqualWhole(
                height: height, width: width, outputHeight: outputHeight, outputWidth: outputWidth,
                precision: precision)
        }
    }

    /// Of a part that is smaller than coordinates can tell apart, all pixels have the colour of one point.
    @Test func anUnspeakablySmallRegionIsOneColour() throws {
        let image = try LIIFModel.random(.tiny).encode(Fixture.input(), precision: .float32)
        let point = try image.rendered(
            Region(y: 5, x: 5, height: 1e-17, width: 1e-17), height: 4, width: 4)
        #expect(point.values.contains { !$0.isFinite } == false)
        for (index, value) in point.values.enumerated() { #expect(value == point.values[index % 3]) }
    }
}
