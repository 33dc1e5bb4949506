import Imaging
import Testing

@Suite struct PillowBicubicTests {
    @Test func everyByteIsPillows() throws {
        let cases = try ResamplingCase.load("pillow-bicubic")
        #expect(cases.count == 30)
        #expect(Set(cases.map(\.input.channels)) == [1, 2, 3, 4])
        for item in cases {
            let result = item.input.resizedBicubic(height: item.expected.height, width: item.expected.width)
            expectEqual(result, item.expected, item.testDescription)
        }
    }

    @Test(arguments: [(48, 48), (20, 91), (7, 3), (1, 1), (96, 5)])
    func constantStaysConstant(height: Int, width: Int) {
        for value in [0, 1, 127, 254, 255] as [UInt8] {
            let image = Image(width: 31, height: 29, channels: 3, repeating: value)
            let expected = Image(width: width, height: height, channels: 3, repeating: value)
            expectEqual(image.resizedBicubic(height: height, width: width), expected)
        }
    }

    @Test(arguments: [(12, 12), (20, 91), (7, 3), (100, 64)], 1...4)
    func flipsCommuteWithResizing(size: (Int, Int), channels: Int) {
        let image = noise(height: 24, width: 36, channels: channels, seed: 5)
        let (height, width) = size
        let resized = image.resizedBicubic(height: height, width: width)
        expectEqual(
            image.flippedHorizontally().resizedBicubic(height: height, width: width),
            resized.flippedHorizontally())
        expectEqual(
            image.flippedVertically().resizedBicubic(height: height, width: width),
            resized.flippedVertically())
    }

    @Test func channelsAreIndependent() {
        let image = noise(height: 33, width: 27, channels: 3, seed: 9)
        let resized = image.resizedBicubic(height: 11, width: 40)
        for channel in 0..<3 {
            let alone = image.channel(channel).resizedBicubic(height: 11, width: 40)
            expectEqual(resized.channel(channel), alone, "channel \(channel)")
        }
    }

    /// A box whose edges fall on those of the whole result's pixels, enlarged between the source's pixels and reduced.
    /// Fails if positions are counted from the box, or what lies around it does not count.
    @Test(arguments: 1...4) func aPartIsTheCropOfTheWhole(channels: Int) {
        let image = noise(height: 48, width: 60, channels: channels, seed: 3)
        let large = image.resizedBicubic(height: 192, width: 240)
        expectEqual(
            image.resizedBicubic(Region(y: 2.5, x: 7.25, height: 12, width: 24), height: 48, width: 96),
            large.cropped(y: 10, x: 29, height: 48, width: 96), "larger")
        let small = image.resizedBicubic(height: 24, width: 30)
        expectEqual(
            image.resizedBicubic(Region(y: 16, x: 20, height: 12, width: 24), height: 6, width: 12),
            small.cropped(y: 8, x: 10, height: 6, width: 12), "smaller")
    }

    @Test func sameSizeIsTheSamePicture() {
        let image = noise(height: 5, width: 6, channels: 4, seed: 1)
        expectEqual(image.resizedBicubic(height: 5, width: 6), image)
    }
}
