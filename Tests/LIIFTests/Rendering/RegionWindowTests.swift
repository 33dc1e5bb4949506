import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// A region that is up-scaled from its surroundings alone. The oracle is the whole picture, encoded once.
@Suite struct RegionWindowTests {
    static let (height, width) = (150, 170)

    static func picture() -> FloatImage {
        FloatImage(
            height: height, width: width, channels: 3,
            values: randomFloats(height * width * 3, seed: 12, in: 0...1))
    }

    /// Rows handed out from the top, and how many were asked for.
    final class Feed {
        let picture = RegionWindowTests.picture()
        var given = 0

        func next(_ count: Int) -> FloatImage {
            let length = picture.width * 3
            defer { given += count }
            return FloatImage(
                height: count, width: picture.width, channels: 3,
                values: Array(picture.values[(given * length)..<((given + count) * length)]))
        }
    }

    /// Bottom, top, edges, fractions of a pixel, one pixel alone.
    static let regions = [
        Region(y: 0, x: 0, height: 20, width: 30), Region(y: 100, x: 90, height: 20, width: 10),
        Region(y: 130, x: 0, height: 20, width: 170), Region(y: 0, x: 160, height: 150, width: 10),
        Region(y: 70.25, x: 80.5, height: 9.5, width: 13.75), Region(y: 75, x: 85, height: 1, width: 1),
    ]

    static let configurations = RegionTests.configurations + [.liif(.tiled)]

    @Test(arguments: configurations, InferencePrecision.supported)
    func aRegionEqualsTheRegionOfTheWhole(_ configuration: ModelConfiguration, precision: InferencePrecision)
        throws
    {
        let model = LIIFModel.random(configuration)
        let whole = try model.encode(Self.picture(), precision: precision)
        for region in Self.regions {
            let (rows, columns) = (Int(region.height * 3), Int(region.width * 3))
            let expected = try whole.rendered(region, height: rows, width: columns)
            let feed = Feed()
            let stream = try UpscalingStream(
                model, height: Self.height, width: Self.width, region: region, outputHeight: rows,
                outputWidth: columns, precision: precision, source: feed.next)
            var values: [Float] = []
            while let strip = try stream.next() { values += strip.values }
            // The widths differ, so oneDNN may add in another order; and Winograd's tiles begin elsewhere.
            let exact: Float = configuration == .liif(.tiled) ? 1e-5 : 1e-6
            assertClose(
                actual: values, expected: expected.values,
                absolute: precision == .float32 ? exact : 1.0 / 256)
            #expect(feed.given == stream.window.rows.upperBound)
        }
    }

    @Test func onlyTheSurroundingsAreEncoded() throws {
        let model = LIIFModel.random(.tiny)
        let encoder = model.network.encoder
        let reach = encoder.receptiveRadii[encoder.output.index]
        let stream = try UpscalingStream(
            model, height: 4000, width: 5000, region: Region(y: 1000, x: 2000, height: 10, width: 20),
            outputHeight: 40, outputWidth: 80
        ) { _ in preconditionFailure("nothing is rendered") }
        // Latents beside a query's own, their neighbours, and one for rounding.
        #expect(stream.window.rows == 1000 - 3 - reach..<1010 + 3 + reach)
        #expect(stream.window.columns == 2000 - 3 - reach..<2020 + 3 + reach)
    }

    /// What resuming rests on. The oracle is the run from the top.
    @Test(arguments: configurations, InferencePrecision.supported)
    func aLaterStartGivesTheSameBits(_ configuration: ModelConfiguration, precision: InferencePrecision)
        throws
    {
        let model = LIIFModel.random(configuration)
        func rows(from first: Int) throws -> [Float] {
            let feed = Feed()
            let stream = try UpscalingStream(
                model, height: Self.height, width: Self.width, outputHeight: 333, outputWidth: 210,
                firstRow: first, precision: precision, source: feed.next)
            var values: [Float] = []
            while let strip = try stream.next() { values += strip.values }
            return values
        }
        let whole = try rows(from: 0)
        for first in [1, 16, 150, 332] {
            #expect(try rows(from: first) == Array(whole[(first * 210 * 3)...]), "from row \(first)")
        }
    }

    /// MetaSR asks half a pixel beside, as large as it is told.
    @Test(arguments: configurations, [Float(0.3), 2]) func aLargeCellIsWithinTheWindow(
        _ configuration: ModelConfiguration, extent: Float
    ) throws {
        let model = LIIFModel.random(configuration)
        let cell = Cell(height: extent, width: extent)
        let region = Region(y: 70, x: 80, height: 9, width: 13)
        let expected = try model.encode(Self.picture(), precision: .float32).rendered(
            region, height: 27, width: 39, cell: cell)
        let stream = try UpscalingStream(
            model, height: Self.height, width: Self.width, region: region, outputHeight: 27, outputWidth: 39,
            precision: .float32, cell: cell, source: Feed().next)
        var values: [Float] = []
        while let strip = try stream.next() { values += strip.values }
        assertClose(actual: values, expected: expected.values, absolute: 1e-5)
    }
}
