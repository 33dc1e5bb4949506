import Imaging
import Testing

/// What pictures become for the Image API's qualities and formats, and for a look at their pixels.
@Suite struct ViewQualityTests {
    /// ITU-R 601's luma, to the nearest level.
    @Test func greyIsLuma() {
        let image = noise(height: 40, width: 50, channels: 4, seed: 3)
        let grey = image.grey()
        #expect((grey.width, grey.height, grey.channels) == (50, 40, 2))
        var worst = 0.0
        for y in 0..<40 {
            for x in 0..<50 {
                let luma =
                    0.299 * Double(image[y, x, 0]) + 0.587 * Double(image[y, x, 1])
                    + 0.114 * Double(image[y, x, 2])
                worst = max(worst, abs(Double(grey[y, x, 0]) - luma))
                #expect(grey[y, x, 1] == image[y, x, 3])
            }
        }
        #expect(worst < 0.51)
        // Pillow's convert("L").
        let colours = Image<UInt8>(
            width: 4, height: 1, channels: 3, samples: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
        #expect(colours.grey().samples == [76, 150, 29, 255])
        #expect(grey.grey() == grey)
    }

    @Test func whiteShowsThroughWhatIsTransparent() {
        let image = noise(height: 9, width: 11, channels: 4, seed: 4)
        let laid = image.onWhite()
        #expect((laid.width, laid.height, laid.channels) == (11, 9, 3))
        for y in 0..<9 {
            for x in 0..<11 {
                let alpha = Double(image[y, x, 3]) / 255
                for c in 0..<3 {
                    let mixed = Double(image[y, x, c]) * alpha + 255 * (1 - alpha)
                    #expect(abs(Double(laid[y, x, c]) - mixed) <= 0.5)
                }
            }
        }
        let grey = Image<UInt8>(width: 3, height: 1, channels: 2, samples: [40, 255, 40, 0, 0, 128])
        #expect(grey.onWhite().samples == [40, 255, 127])
        #expect(laid.onWhite() == laid)
    }

    /// A pixel has the colour of the one that holds its centre.
    @Test func nearestTakesThePixelAroundTheCentre() {
        let image = noise(height: 6, width: 8, channels: 3, seed: 5)
        let box = Region(y: 1, x: 2.5, height: 4, width: 5)
        let result = image.resizedNearest(box, height: 7, width: 13)
        for y in 0..<7 {
            for x in 0..<13 {
                let (fromY, fromX) = (1 + (Double(y) + 0.5) * 4 / 7, 2.5 + (Double(x) + 0.5) * 5 / 13)
                for c in 0..<3 { #expect(result[y, x, c] == image[Int(fromY), Int(fromX), c]) }
            }
        }
        #expect(image.resizedNearest(Region(y: 0, x: 0, height: 6, width: 8), height: 6, width: 8) == image)
    }
}
