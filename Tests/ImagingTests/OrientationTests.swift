import Imaging
import Testing

@Suite struct OrientationTests {
    /// What Pillow's ImageOps.exif_transpose makes of a grey picture of 3×2 pixels, 0 1 2 over 3 4 5.
    private static let pillow: [Orientation: (width: Int, samples: [UInt8])] = [
        .up: (3, [0, 1, 2, 3, 4, 5]), .mirrored: (3, [2, 1, 0, 5, 4, 3]), .down: (3, [5, 4, 3, 2, 1, 0]),
        .downMirrored: (3, [3, 4, 5, 0, 1, 2]), .leftMirrored: (2, [0, 3, 1, 4, 2, 5]),
        .right: (2, [3, 0, 4, 1, 5, 2]), .rightMirrored: (2, [5, 2, 4, 1, 3, 0]),
        .left: (2, [2, 5, 1, 4, 0, 3]),
    ]

    @Test(arguments: Orientation.allCases) func uprightIsPillowsExifTranspose(orientation: Orientation) throws
    {
        let expected = try #require(Self.pillow[orientation])
        let stored = Image<UInt8>(width: 3, height: 2, channels: 1, samples: [0, 1, 2, 3, 4, 5])
        let upright = stored.upright(from: orientation)
        #expect(upright.width == expected.width && upright.samples == expected.samples)
        #expect(orientation.exchangesExtents == (upright.width != stored.width))
        // Every channel moves with its pixel.
        let colours = Image<UInt16>(width: 3, height: 2, channels: 3, samples: (0..<18).map { UInt16($0) })
        #expect(
            colours.upright(from: orientation).samples
                == expected.samples.flatMap { p in (0..<3).map { UInt16(p) * 3 + $0 } })
    }
}
