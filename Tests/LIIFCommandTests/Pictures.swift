import ImageCodecs
import Imaging

/// A picture of smooth colours and a few edges.
func testPicture(width: Int, height: Int, channels: Int = 3) -> Image<UInt8> {
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

/// Writes `input.png`, 24×18 RGB, into a folder.
func writeInput(in folder: String) throws {
    try testPicture(width: 24, height: 18).write(to: folder + "/input.png")
}
