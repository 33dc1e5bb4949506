import Imaging
import Testing

@Suite struct RearrangingTests {
    let image = noise(height: 5, width: 7, channels: 3, seed: 2)

    /// Every sample where the definition says it comes from.
    private func expect(
        _ result: Image<UInt8>, height: Int, width: Int, from origin: (_ y: Int, _ x: Int) -> (y: Int, x: Int)
    ) {
        #expect(result.height == height && result.width == width && result.channels == 3)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let from = origin(y, x)
                    #expect(result[y, x, channel] == image[from.y, from.x, channel])
                }
            }
        }
    }

    @Test func flipsAndTransposeFollowTheirDefinitions() {
        expect(image.flippedHorizontally(), height: 5, width: 7) { y, x in (y, 6 - x) }
        expect(image.flippedVertically(), height: 5, width: 7) { y, x in (4 - y, x) }
        expect(image.transposed(), height: 7, width: 5) { y, x in (x, y) }
    }

    @Test func rearrangingTwiceGivesThePictureBack() {
        #expect(image.flippedHorizontally().flippedHorizontally() == image)
        #expect(image.flippedVertically().flippedVertically() == image)
        #expect(image.transposed().transposed() == image)
        #expect(image.flippedVertically().transposed() == image.transposed().flippedHorizontally())
    }

    @Test func cropsFollowTheirDefinition() {
        expect(image.cropped(y: 1, x: 2, height: 4, width: 3), height: 4, width: 3) { y, x in (y + 1, x + 2) }
        expect(image.cropped(y: 4, x: 6, height: 1, width: 1), height: 1, width: 1) { _, _ in (4, 6) }
        expect(image.cropped(y: 0, x: 0, height: 5, width: 7), height: 5, width: 7) { y, x in (y, x) }
        expect(image.croppedToMultiple(of: 2), height: 4, width: 6) { y, x in (y, x) }
        expect(image.croppedToMultiple(of: 5), height: 5, width: 5) { y, x in (y, x) }
    }
}
