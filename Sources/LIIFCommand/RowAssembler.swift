import ImageCodecs
import Imaging

/// Turns rendered RGB rows into rows with the channels of the input: grey, and alpha where it has some.
struct RowAssembler {
    private let channels: Int
    /// The whole output's alpha, enlarged by bicubic interpolation; nil where the input has none.
    private let alpha: Image<UInt8>?

    /// Reads the input's alpha, if it has any.
    init(inputOf path: String, pixelLimit: Int, outputSize: PixelSize) throws {
        let source = try ImageFile.source(at: path, pixelLimit: pixelLimit)
        let info = source.info
        channels = info.channels
        guard channels == 2 || channels == 4 else {
            alpha = nil
            return
        }
        var samples: [UInt8] = []
        samples.reserveCapacity(info.width * info.height)
        while let strip = try source.readRows(64, as: UInt8.self) {
            samples += strip.channel(channels - 1).samples
        }
        alpha = Image(width: info.width, height: info.height, channels: 1, samples: samples)
            .resizedBicubic(height: outputSize.height, width: outputSize.width)
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
