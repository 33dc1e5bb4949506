import Imaging
import Testing

@Suite struct HiddenColourFillTests {
    private func filled(_ image: FloatImage, strip: Int) -> [Float] {
        let fill = HiddenColourFill(height: image.height, width: image.width, channels: image.channels)
        var values: [Float] = []
        for start in stride(from: 0, to: image.height, by: strip) {
            let rows = image.cropped(rows: start..<min(start + strip, image.height))
            if let made = fill.push(rows) { values += made.values }
        }
        return values
    }

    /// Noise; every third pixel is visible, some of them in part.
    private func picture(height: Int, width: Int, channels: Int) -> FloatImage {
        var state: UInt32 = 3
        var image = Image<UInt8>(width: width, height: height, channels: channels)
        for i in image.samples.indices {
            state = state &* 1_664_525 &+ 1_013_904_223
            let value = UInt8(state >> 24)
            image.samples[i] =
                i % channels == channels - 1 ? [0, 255, value, 0, value % 16, 0][Int(value) % 6] : value
        }
        return FloatImage(image)
    }

    /// The oracle is the definition, computed anew for each pixel.
    @Test(arguments: [(60, 50, 4), (5, 80, 2), (40, 3, 4), (1, 1, 4)])
    func equalsTheDefinition(height: Int, width: Int, channels: Int) {
        let image = picture(height: height, width: width, channels: channels)
        let reach = HiddenColourFill.reach
        var expected = image.values
        for y in 0..<height {
            for x in 0..<width {
                let pixel = (y * width + x) * channels
                let weight = min(1, 16 * Double(image.values[pixel + channels - 1]))
                for c in 0..<channels - 1 {
                    var (sum, total) = (0.0, 0.0)
                    for v in max(0, y - reach)...min(height - 1, y + reach) {
                        for u in max(0, x - reach)...min(width - 1, x + reach) {
                            let other = (v * width + u) * channels
                            sum +=
                                Double(image.values[other + c]) * Double(image.values[other + channels - 1])
                            total += Double(image.values[other + channels - 1])
                        }
                    }
                    let mean = total > 0 ? sum / total : 0.5
                    expected[pixel + c] = Float(
                        weight * Double(image.values[pixel + c]) + (1 - weight) * mean)
                }
            }
        }
        for strip in [1, 7, 1000] {
            let values = filled(image, strip: strip)
            #expect(values.count == expected.count)
            #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    /// Glass, smoke, a watermark: colours that shine through are the picture's own.
    @Test(arguments: [16, 128, 254])
    func partlyTransparentPixelsKeepTheirColours(alpha: UInt8) {
        var image = Image<UInt8>(width: 40, height: 30, channels: 4)
        for i in image.samples.indices { image.samples[i] = i % 4 == 3 ? alpha : UInt8(i * 37 % 256) }
        let floats = FloatImage(image)
        #expect(filled(floats, strip: 8) == floats.values)
    }

    /// One hidden pixel, whose own colour is not seen: it takes the mean of all. In 16 bits too alpha counts as a share.
    @Test func aHiddenPixelTakesTheMean() {
        var image = Image<UInt16>(width: 5, height: 5, channels: 4, repeating: 65_535)
        for i in 0..<25 { image.samples[i * 4] = i % 2 == 0 ? 10_000 : 20_000 }
        (image[2, 2, 0], image[2, 2, 3]) = (65_535, 0)
        let filled = image.fillingHiddenColours()
        #expect(filled[2, 2, 0] == 15_000 && filled[2, 2, 3] == 0)
        image[2, 2, 0] = 15_000
        #expect(filled == image)
        // From 1/16 on the colour is its own.
        (image[2, 2, 0], image[2, 2, 3]) = (65_535, 4096)
        #expect(image.fillingHiddenColours() == image)
    }

    @Test func oneColourStaysOneColour() {
        var image = picture(height: 30, width: 40, channels: 4)
        for pixel in stride(from: 0, to: image.values.count, by: 4) {
            let isHidden = image.values[pixel + 3] == 0
            for c in 0..<3 { image.values[pixel + c] = isHidden ? Float(c) / 2 : 0.2 }
        }
        let values = filled(image, strip: 8)
        #expect(
            stride(from: 0, to: values.count, by: 4).allSatisfy { pixel in
                (0..<3).allSatisfy { abs(values[pixel + $0] - 0.2) < 1e-5 }
            })
    }

    /// What resuming rests on: the same bits, wherever the stream begins.
    @Test func aLaterStartGivesTheSameBits() {
        let image = picture(height: 90, width: 20, channels: 4)
        let whole = filled(image, strip: 10)
        let later = filled(image.cropped(rows: 30..<90), strip: 10)
        let rowLength = 20 * 4
        let reach = HiddenColourFill.reach
        #expect(Array(later[(reach * rowLength)...]) == Array(whole[((30 + reach) * rowLength)...]))
    }
}
