import ImageCodecs
import Imaging
import PictureFixtures
import TestSupport
import Testing

/// Levels come out of the model as they went in. The embedded model's figures are in Docs/Results.md; the bounds leave room
/// for the next weights, not for a shift that anyone would see.
@Suite struct UpscaleLevelsTests {
    static let scales = [2, 3.7, 8]

    /// The picture through the program, with its usual settings.
    private func upscaled(_ image: Image<UInt8>, scale: Double) throws -> Image<UInt8> {
        try withTemporaryFolder { folder in
            try image.write(to: folder + "/in.png")
            let outcome = try liif(["upscale", "in.png", "-o", "out.png", "--scale", "\(scale)"], in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try Image<UInt8>.read(from: folder + "/out.png")
        }
    }

    /// The greatest difference from `expected(x in the input's pixels)`, leaving out `margin` input pixels at each border.
    private func worst(
        _ image: Image<UInt8>, scale: Double, margin: Int, rows: Range<Int>? = nil,
        columns: Range<Int>? = nil,
        _ expected: (_ x: Double, _ channel: Int) -> Double
    ) -> Double {
        let border = Int((Double(margin) * scale).rounded(.up))
        var worst = 0.0
        for y in rows ?? border..<image.height - border {
            for x in columns ?? border..<image.width - border {
                for c in 0..<3 {
                    worst = max(
                        worst, abs(Double(image[y, x, c]) - expected((Double(x) + 0.5) / scale - 0.5, c)))
                }
            }
        }
        return worst
    }

    @Test(arguments: scales)
    func flatStaysFlat(scale: Double) throws {
        for level in [0, 1, 60, 128, 180, 240, 255] {
            let flat = Image<UInt8>(
                width: 24, height: 24, channels: 3,
                samples: [UInt8](repeating: UInt8(level), count: 24 * 24 * 3))
            let result = try upscaled(flat, scale: scale)
            #expect(worst(result, scale: scale, margin: 4) { _, _ in Double(level) } == 0, "level \(level)")
            // The convolutions' zero padding is felt in the outermost corner.
            #expect(worst(result, scale: scale, margin: 0) { _, _ in Double(level) } <= 8, "level \(level)")
        }
    }

    @Test(arguments: scales)
    func aGradientStaysStraight(scale: Double) throws {
        var ramp = Image<UInt8>(width: 256, height: 24, channels: 3)
        for i in ramp.samples.indices { ramp.samples[i] = UInt8(i / 3 % 256) }
        let result = try upscaled(ramp, scale: scale)
        // Widths are rounded, so the scale of this axis is not quite the one that was asked for.
        let exact = Double(result.width) / 256
        #expect(worst(result, scale: exact, margin: 4) { x, _ in x } <= 1)
    }

    /// The 24 patches of a colour chart (sRGB), 24×24 pixels each: their middles.
    @Test(arguments: scales)
    func aColourChartKeepsItsColours(scale: Double) throws {
        let result = try upscaled(ColorChart.picture(side: 24), scale: scale)
        func middle(_ patch: Int) -> Range<Int> {
            Int((Double(patch * 24 + 8) * scale).rounded(.up))..<Int(Double(patch * 24 + 16) * scale)
        }
        for (i, patch) in ColorChart.patches.enumerated() {
            let error = worst(
                result, scale: scale, margin: 0, rows: middle(i / 6), columns: middle(i % 6)
            ) { _, c in Double(patch[c]) }
            #expect(error <= 1, "patch \(i + 1)")
        }
    }
}
