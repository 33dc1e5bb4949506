import Imaging
import LIIF
import Synchronization
import Tensors
import TestSupport
import Testing

/// Features in tiles give the picture that features in one piece give.
@Suite struct TiledImageTests {
    private func picture() throws -> FloatImage {
        let values = randomFloats(70 * 90 * 3, seed: 9, in: 0...1)
        return FloatImage(height: 70, width: 90, channels: 3, values: values)
    }

    private func crop(_ image: FloatImage, _ part: LatentRectangle) -> FloatImage {
        var values: [Float] = []
        for y in part.y..<part.bottom {
            values += image.values[(y * image.width + part.x) * 3..<(y * image.width + part.right) * 3]
        }
        return FloatImage(height: part.height, width: part.width, channels: 3, values: values)
    }

    private func tiled(_ model: LIIFModel, _ image: FloatImage) -> TiledImage {
        let tiling = FeatureTiling(height: image.height, width: image.width, side: 32)
        return TiledImage(
            TileRenderers(model, precision: .float32), tiling: tiling,
            tile: { position in
                try model.encodeTile(
                    position, of: tiling, precision: .float32, pixels: { self.crop(image, $0) })
            }, pixels: { self.crop(image, $0) })
    }

    /// Where a tile's pixels are needed beside its features, their channels are also scaled each in its own way.
    static let cases: [(ModelConfiguration, PixelNormalization)] =
        RegionTests.configurations.map { ($0, PixelNormalization.signed) }
        + RegionTests.configurations.filter(\.inputSkip).map { ($0, PixelNormalization.byChannel) }

    @Test(arguments: cases) func tilesGiveThePictureOfTheWholeMap(
        _ configuration: ModelConfiguration, normalization: PixelNormalization
    ) throws {
        let model = LIIFModel.random(configuration, normalization: normalization)
        let image = try picture()
        let whole = try model.encode(image, precision: .float32)
        let tiled = tiled(model, image)
        for (region, height, width) in [
            (whole.bounds, 140, 180), (whole.bounds, 33, 41),
            (Region(y: 20.25, x: 31.5, height: 9.5, width: 40), 95, 400),
            (Region(y: 0, x: 0, height: 1, width: 90), 3, 270),
            (Region(y: 69, x: 89, height: 1, width: 1), 600, 600),
        ] {
            let expected = try whole.rendered(region, height: height, width: width)
            let actual = try tiled.rendered(region, height: height, width: width)
            // Tiles hold BF16: features are rounded to 8 bits of mantissa, colours are of 0…1. MetaSR with random
            // weights magnifies them: its predictions reach ±4.
            let tolerance: Float = if case .metaSR = configuration { 0.1 } else { 0.03 }
            assertClose(actual: actual.values, expected: expected.values, absolute: tolerance, "\(region)")
            let difference = zip(actual.values, expected.values).reduce(0) { $0 + abs($1.0 - $1.1) }
            #expect(difference / Float(actual.values.count) < 0.002)
        }
    }

    @Test func aTileIsThePartOfTheWholeMap() throws {
        var configuration = LIIFConfiguration.tiny
        configuration.encoder = .edsr(blocks: 3, channels: 16, residualScale: 1)
        let model = LIIFModel.random(configuration)
        let image = try picture()
        let whole = try model.encode(image, precision: .float32).features
        let tiling = FeatureTiling(height: 70, width: 90, side: 32)
        var row = 0
        try model.encodeTiles(tiling, precision: .float32) { count in
            defer { row += count }
            return crop(image, LatentRectangle(y: row, x: 0, height: count, width: 90))
        } tile: { position, streamed in
            let alone = try model.encodeTile(
                position, of: tiling, precision: .float32, pixels: { crop(image, $0) })
            let part = tiling.rectangle(position)
            var expected: [Float] = []
            for y in part.y..<part.bottom {
                expected += whole[(y * 90 + part.x) * 16..<(y * 90 + part.right) * 16]
            }
            for tile in [alone, streamed] {
                #expect(tile.rectangle == part)
                // Half a unit of BF16's last place.
                assertClose(
                    actual: tile.values.brainFloats(expected.count), expected: expected, absolute: 1e-4,
                    relative: 1 / 256.0)
            }
        }
    }

    @Test func aCheckpointThatThrowsEndsTheWork() throws {
        let model = LIIFModel.random(.tiny)
        let image = try picture()
        let tiled = tiled(model, image)
        let calls = Atomic<Int>(0)
        #expect(throws: CancellationError.self) {
            try tiled.rendered(height: 2000, width: 2000) {
                if calls.add(1, ordering: .relaxed).newValue == 3 { throw CancellationError() }
            }
        }
        let made = calls.load(ordering: .relaxed)
        #expect(made == 3)
    }
}

extension AlignedBuffer {
    /// The first numbers as BF16.
    fileprivate func brainFloats(_ count: Int) -> [Float] {
        (0..<count).map { Float(bitPattern: UInt32(bfloat16s[$0]) << 16) }
    }
}
