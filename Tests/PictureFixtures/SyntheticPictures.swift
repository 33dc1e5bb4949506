package import Imaging

extension Image where Sample == UInt8 {
    /// Smooth colours with a few edges.
    package static func smoothWithEdges(width: Int, height: Int, channels: Int = 3) -> Image<UInt8> {
        var image = Image<UInt8>(width: width, height: height, channels: channels)
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<channels {
                    let smooth = (x * (5 + c) + y * (9 - 2 * c)) % 256
                    image[y, x, c] = UInt8((x / 7 + y / 5) % 3 == 0 ? 255 - smooth : smooth)
                }
            }
        }
        return image
    }
}

/// The 24 patches of a ColorChecker.
package enum ColorChart {
    /// Their sRGB values, row by row of six.
    package static let patches: [[UInt8]] = [
        [115, 82, 68], [194, 150, 130], [98, 122, 157], [87, 108, 67], [133, 128, 177], [103, 189, 170],
        [214, 126, 44], [80, 91, 166], [193, 90, 99], [94, 60, 108], [157, 188, 64], [224, 163, 46],
        [56, 61, 150], [70, 148, 73], [175, 54, 60], [231, 199, 31], [187, 86, 149], [8, 133, 161],
        [243, 243, 242], [200, 200, 200], [160, 160, 160], [122, 122, 121], [85, 85, 85], [52, 52, 52],
    ]

    /// All of them, each a square of `side` pixels.
    package static func picture(side: Int) -> Image<UInt8> {
        var chart = Image<UInt8>(width: 6 * side, height: 4 * side, channels: 3)
        for y in 0..<4 * side {
            for x in 0..<6 * side {
                for c in 0..<3 { chart[y, x, c] = patches[y / side * 6 + x / side][c] }
            }
        }
        return chart
    }
}
