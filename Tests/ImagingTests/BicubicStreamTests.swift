import Imaging
import Testing

/// The oracle is Pillow's filter, which the whole-picture resampling equals byte for byte.
@Suite struct BicubicStreamTests {
    private func picture(height: Int, width: Int, channels: Int) -> Image<UInt8> {
        var state: UInt32 = 7
        return Image(
            width: width, height: height, channels: channels,
            samples: (0..<height * width * channels).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                // Without extremes, which Pillow clips between its passes.
                return UInt8(70 + (state >> 24) % 110)
            })
    }

    private func resampled(_ picture: FloatImage, strip: Int, _ stream: BicubicStream) -> [Float] {
        var values: [Float] = []
        var row = 0
        while row < picture.height && !stream.isFinished {
            let count = min(strip, picture.height - row)
            let length = picture.width * picture.channels
            let rows = FloatImage(
                height: count, width: picture.width, channels: picture.channels,
                values: Array(picture.values[(row * length)..<((row + count) * length)]))
            if let result = stream.push(rows) { values += result.values }
            row += count
        }
        #expect(stream.isFinished)
        return values
    }

    @Test(arguments: [
        (40, 50, 17, 23), (40, 50, 80, 99), (33, 20, 5, 60), (9, 100, 30, 10), (3, 3, 1, 1), (64, 64, 64, 64),
        (1, 1, 4, 3), (200, 7, 3, 7),
    ])
    func equalsPillowUpToItsRounding(height: Int, width: Int, newHeight: Int, newWidth: Int) {
        for channels in [1, 3] {
            let picture = picture(height: height, width: width, channels: channels)
            let expected = picture.resizedBicubic(height: newHeight, width: newWidth)
            for strip in [1, 16, 1000] {
                let stream = BicubicStream(
                    height: height, width: width, channels: channels, outputHeight: newHeight,
                    outputWidth: newWidth)
                let values = resampled(FloatImage(picture), strip: strip, stream)
                #expect(values.count == expected.samples.count)
                for (value, sample) in zip(values, expected.samples) {
                    // Half a level at the end, and at most one in between, enlarged by the second pass.
                    #expect(abs(value * 255 - Float(sample)) < 1.3)
                }
            }
        }
    }

    /// Keys' kernel with a = −0.5.
    private func kernel(_ distance: Double) -> Double {
        let x = abs(distance), square = x * x
        if x < 1 { return 1.5 * square * x - 2.5 * square + 1 }
        if x < 2 { return -0.5 * square * x + 2.5 * square - 4 * x + 2 }
        return 0
    }

    /// The kernel's weights for an axis, stretched where it shrinks, cut off and renormalised at the borders:
    /// [newExtent, extent].
    private func weights(from extent: Int, to newExtent: Int) -> [[Double]] {
        let scale = Double(extent) / Double(newExtent)
        return (0..<newExtent).map { output in
            let centre = (Double(output) + 0.5) * scale
            let all = (0..<extent).map { kernel((Double($0) + 0.5 - centre) / max(scale, 1)) }
            let sum = all.reduce(0, +)
            return all.map { $0 / sum }
        }
    }

    /// What Pillow's rounding would hide. The oracle is the definition, in double.
    @Test(arguments: [(40, 50, 17, 23), (33, 20, 5, 60), (9, 100, 30, 10), (3, 4, 7, 1)])
    func equalsTheDefinition(height: Int, width: Int, newHeight: Int, newWidth: Int) {
        let picture = FloatImage(picture(height: height, width: width, channels: 3))
        let (rows, columns) = (weights(from: height, to: newHeight), weights(from: width, to: newWidth))
        let stream = BicubicStream(
            height: height, width: width, channels: 3, outputHeight: newHeight, outputWidth: newWidth)
        let values = resampled(picture, strip: 7, stream)
        guard values.count == newHeight * newWidth * 3 else {
            Issue.record("\(values.count) values")
            return
        }
        var worst = 0.0
        for x in 0..<newWidth {
            for c in 0..<3 {
                let line = (0..<height).map { v in
                    (0..<width).reduce(0.0) {
                        $0 + columns[x][$1] * Double(picture.values[(v * width + $1) * 3 + c])
                    }
                }
                for y in 0..<newHeight {
                    let exact = (0..<height).reduce(0.0) { $0 + rows[y][$1] * line[$1] }
                    worst = max(worst, abs(Double(values[(y * newWidth + x) * 3 + c]) - exact))
                }
            }
        }
        #expect(worst < 5e-6)
    }

    @Test func theSameSizeIsTheSamePicture() {
        let picture = FloatImage(picture(height: 21, width: 13, channels: 4))
        let stream = BicubicStream(height: 21, width: 13, channels: 4, outputHeight: 21, outputWidth: 13)
        #expect(resampled(picture, strip: 4, stream) == picture.values)
    }

    /// Whole pixels at the same size: a crop. Shrunk by a whole factor: the crop of the whole.
    @Test func aPartIsTheCropOfTheWhole() {
        let picture = FloatImage(picture(height: 48, width: 60, channels: 1))
        let crop = BicubicStream(
            height: 48, width: 60, channels: 1, y: 5, x: 7, partHeight: 20, partWidth: 30, outputHeight: 20,
            outputWidth: 30)
        var expected: [Float] = []
        for y in 5..<25 { expected += picture.values[(y * 60 + 7)..<(y * 60 + 37)] }
        #expect(resampled(picture, strip: 3, crop) == expected)

        let whole = BicubicStream(height: 48, width: 60, channels: 1, outputHeight: 12, outputWidth: 15)
        let part = BicubicStream(
            height: 48, width: 60, channels: 1, y: 16, x: 20, partHeight: 12, partWidth: 40, outputHeight: 3,
            outputWidth: 10)
        let all = resampled(picture, strip: 7, whole)
        expected = (4..<7).flatMap { y in all[(y * 15 + 5)..<(y * 15 + 15)] }
        for (value, exact) in zip(resampled(picture, strip: 5, part), expected) {
            #expect(abs(value - exact) < 1e-6)
        }
    }

    @Test func premultiplicationIsUndone() {
        var picture = FloatImage(picture(height: 4, width: 5, channels: 4))
        picture.values[3] = 0
        let back = picture.premultiplied().unpremultiplied()
        #expect(back.values[0...3] == [0, 0, 0, 0])
        for (value, exact) in zip(back.values[4...], picture.values[4...]) {
            #expect(abs(value - exact) < 1e-6)
        }
    }
}
