import Imaging

/// Turns rendered RGB rows into rows with the channels of the input: grey, and alpha where it has some.
struct RowAssembler: Sendable {
    private let channels: Int
    /// The whole output's alpha, enlarged by bicubic interpolation; nil where the input has none.
    private let alpha: Image<UInt8>?

    init(channels: Int, alpha: Image<UInt8>?, outputHeight: Int, outputWidth: Int) {
        self.channels = channels
        self.alpha = alpha.map { $0.resizedBicubic(height: outputHeight, width: outputWidth) }
    }

    /// - Parameters:
    ///   - strip: RGB rows of the output.
    ///   - first: The place of the first of them.
    func rows(_ strip: FloatImage, from first: Int) -> FloatImage {
        guard channels != 3 else { return strip }
        let colours = channels < 3 ? 1 : 3
        var values = [Float](repeating: 0, count: strip.height * strip.width * channels)
        for pixel in 0..<strip.height * strip.width {
            let (from, to) = (pixel * 3, pixel * channels)
            if colours == 1 {
                values[to] = (strip.values[from] + strip.values[from + 1] + strip.values[from + 2]) / 3
            } else {
                for colour in 0..<3 { values[to + colour] = strip.values[from + colour] }
            }
            if let alpha {
                values[to + colours] = Float(alpha.samples[first * strip.width + pixel]) / 255
            }
        }
        return FloatImage(height: strip.height, width: strip.width, channels: channels, values: values)
    }
}
