import Imaging
import PictureFixtures

/// Pictures that show shifts of colour and place.
enum TestPicture {
    /// 53×41 pixels: patches of the corners of the colour cube and of greys, ramps, noise, and every alpha.
    static func chart<Sample: ImageSample>(_ channels: Int, of type: Sample.Type) -> Image<Sample> {
        let (width, height) = (53, 41)
        let top = Double(Sample.max)
        var noise = Mutator(seed: 9)
        var samples: [Sample] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<channels {
                    let isAlpha = channels % 2 == 0 && channel == channels - 1
                    let value: Double
                    if isAlpha {
                        value = Double(x * 5 % 256) / 255
                    } else if y < 10 {
                        value = Double((x / 7) >> channel & 1)
                    } else if y < 20 {
                        value = Double(x) / Double(width - 1)
                    } else if y < 30 {
                        value = Double((x + channel * 17) % width) / Double(width - 1)
                    } else {
                        value = Double(noise.next(below: 65536)) / 65535
                    }
                    samples.append(Sample((value * top).rounded()))
                }
            }
        }
        return Image(width: width, height: height, channels: channels, samples: samples)
    }
}
