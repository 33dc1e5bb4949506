import Imaging
import Testing

@Suite struct ConversionTests {
    @Test func rgbRepeatsGreyAndDropsAlpha() {
        let grey = Image<UInt8>(width: 2, height: 1, channels: 1, samples: [7, 9])
        #expect(grey.rgb() == Image(width: 2, height: 1, channels: 3, samples: [7, 7, 7, 9, 9, 9]))
        let greyAlpha = Image<UInt16>(width: 2, height: 1, channels: 2, samples: [700, 1, 900, 2])
        #expect(
            greyAlpha.rgb()
                == Image(width: 2, height: 1, channels: 3, samples: [700, 700, 700, 900, 900, 900]))
        let rgba = Image<UInt8>(width: 1, height: 2, channels: 4, samples: [1, 2, 3, 4, 5, 6, 7, 0])
        #expect(rgba.rgb() == Image(width: 1, height: 2, channels: 3, samples: [1, 2, 3, 5, 6, 7]))
        #expect(rgba.rgb().rgb() == rgba.rgb())
        #expect(rgba.channel(3) == Image(width: 1, height: 2, channels: 1, samples: [4, 0]))
        for picture in [grey, rgba] {
            #expect(FloatImage(picture).rgb() == FloatImage(picture.rgb()))
        }
        #expect(FloatImage(greyAlpha).rgb() == FloatImage(greyAlpha.rgb()))
        #expect(FloatImage(greyAlpha).alpha() == FloatImage(greyAlpha.channel(1).rgb()))
        #expect(FloatImage(rgba).alpha() == FloatImage(rgba.channel(3).rgb()))
        #expect(rgba.hasAlpha && greyAlpha.hasAlpha && !grey.hasAlpha && !grey.rgb().hasAlpha)
    }

    @Test func oneSampleMakesAPictureTransparent() {
        var image = Image<UInt8>(width: 5, height: 4, channels: 4, repeating: 255)
        image[1, 2, 0] = 0
        #expect(!image.isTransparent && !image.rgb().isTransparent)
        image[3, 4, 3] = 254
        #expect(image.isTransparent)
    }

    @Test func everySampleSurvivesFloatingPoint() {
        let bytes = Image<UInt8>(width: 256, height: 1, channels: 1, samples: Array(0...255))
        #expect(FloatImage(bytes).rounded() == bytes)
        #expect(FloatImage(bytes).values[0] == 0 && FloatImage(bytes).values[255] == 1)
        #expect(FloatImage(bytes).values[51] == Float(51) / 255)
        let words = Image<UInt16>(width: 256, height: 256, channels: 1, samples: Array(0...65535))
        #expect(FloatImage(words).rounded(to: UInt16.self) == words)
    }

    @Test func roundingClampsAndTakesHalvesUp() {
        let values: [Float] = [-0.2, 1.7, .nan, .infinity, -.infinity, 0.5, 1.4999 / 255, 1.5001 / 255, -0.0]
        let image = FloatImage(height: 1, width: 9, channels: 1, values: values)
        #expect(image.rounded(to: UInt8.self).samples == [0, 255, 0, 255, 0, 128, 1, 2, 0])
        #expect(image.rounded(to: UInt16.self).samples == [0, 65535, 0, 65535, 0, 32768, 385, 386, 0])
    }

    @Test func depthsFollowRoundedDivision() {
        let words = Image<UInt16>(width: 256, height: 256, channels: 1, samples: Array(0...65535))
        let bytes = Image<UInt8>(depthOf: words)
        for (byte, word) in zip(bytes.samples, words.samples) {
            #expect(Double(byte) == (Double(word) * 255 / 65535).rounded())
        }
        let ramp = Image<UInt8>(width: 256, height: 1, channels: 1, samples: Array(0...255))
        let widened = Image<UInt16>(depthOf: ramp)
        #expect(widened.samples.first == 0 && widened.samples.last == 65535)
        #expect(Image<UInt8>(depthOf: widened) == ramp)
        #expect(FloatImage(widened).values == FloatImage(ramp).values)
    }

    @Test func lumaWeightsSpanTheStudioRange() {
        // BT.601: black is 16, white 235 of 255, and the weights apply to samples of 0…1 times 255.
        let white = (Luma.red + Luma.green + Luma.blue) * 255
        #expect((white - 219).magnitude < 0.01)
        #expect(Luma.green > Luma.red && Luma.red > Luma.blue)
    }
}
