import Imaging
import LIIF
import TestSupport
import Testing

/// Low and wide pictures, which are encoded panel by panel.
@Suite struct PanelTests {
    private static let (height, width) = (3, 5000)

    static let skipping: LIIFConfiguration = {
        var configuration = LIIFConfiguration.tiny
        configuration.inputSkip = true
        return configuration
    }()

    /// The oracle is the same pixels in pictures that are narrow enough for strips.
    @Test(arguments: [LIIFConfiguration.tiny, LIIFConfiguration.tiled])
    func latentsAreThoseOfTheWholePicture(_ configuration: LIIFConfiguration) throws {
        let model = LIIFModel.random(configuration)
        let picture = FloatImage(
            height: Self.height, width: Self.width, channels: 3,
            values: randomFloats(Self.height * Self.width * 3, seed: 9, in: 0...1))
        let features = try model.encode(picture, precision: .float32).features
        let channels = features.count / (Self.height * Self.width)
        func rows(_ map: [Float], width: Int, _ columns: Range<Int>) -> [Float] {
            (0..<Self.height).flatMap { y in
                map[(y * width + columns.lowerBound) * channels..<(y * width + columns.upperBound) * channels]
            }
        }
        // Panels meet at 2048 and 4096; where a crop ends in the picture, its last latents are others.
        for (crop, sure) in [(0..<4000, 0..<3980), (1004..<5000, 1024..<5000)] {
            let expected = try model.encode(picture.cropped(columns: crop), precision: .float32).features
            let local = sure.lowerBound - crop.lowerBound..<sure.upperBound - crop.lowerBound
            assertClose(
                actual: rows(features, width: Self.width, sure),
                expected: rows(expected, width: crop.count, local), absolute: 1e-4, relative: 1e-5)
        }
    }

    @Test(arguments: [LIIFConfiguration.tiny, PanelTests.skipping], InferencePrecision.supported)
    func aStreamGivesTheSameBits(_ configuration: LIIFConfiguration, precision: InferencePrecision) throws {
        try LIIFModel.random(configuration).expectStripsEqualWhole(
            height: Self.height, width: Self.width, outputHeight: 7, outputWidth: 60, precision: precision)
    }

    private func stream(height: Int, width: Int, firstRow: Int = 0) throws -> UpscalingStream {
        try UpscalingStream(
            .random(.tiny), height: height, width: width, outputHeight: 2 * height, outputWidth: 20,
            firstRow: firstRow, precision: .float32
        ) { _ in preconditionFailure("nothing is rendered") }
    }

    /// Strips of 20,000 columns of EDSR-baseline took 1.3 GB, for one row too.
    @Test func memoryDoesNotGrowWithTheWidthOfALowPicture() throws {
        #expect(try stream(height: 1, width: 20_000).columnsAtOnce == 2048 + 2 * 6)
        #expect(try stream(height: 128, width: 5000).columnsAtOnce == 2048 + 2 * 6)
        #expect(try stream(height: 129, width: 5000).columnsAtOnce == 5000)
        #expect(try stream(height: 1, width: 4096).columnsAtOnce == 4096)
    }

    /// Other kernels would round elsewhere, so that a run that is gone on with had other bits.
    @Test(arguments: [100, 128, 129, 140, 300]) func aLaterStartKeepsPanelsOrStrips(height: Int) throws {
        let whole = try stream(height: height, width: 5000)
        let rest = try stream(height: height, width: 5000, firstRow: 2 * height - 1)
        #expect(rest.columnsAtOnce == whole.columnsAtOnce)
        if height == 300 { #expect(rest.window.rows.lowerBound > 150) }
    }

    @Test func anErrorOfTheSourceStaysAnError() throws {
        struct Lost: Error {}
        var asked = 0
        let stream = try UpscalingStream(
            .random(.tiny), height: Self.height, width: Self.width, outputHeight: 6, outputWidth: 20,
            precision: .float32
        ) { _ in
            asked += 1
            throw Lost()
        }
        for _ in 0..<3 { #expect(throws: Lost.self) { try stream.next() } }
        #expect(asked == 1)
    }
}
