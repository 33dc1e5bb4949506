import ImageCodecs
import Imaging
import PictureFixtures

/// A picture of smooth colours and a few edges.
func testPicture(width: Int, height: Int, channels: Int = 3) -> Image<UInt8> {
    .smoothWithEdges(width: width, height: height, channels: channels)
}

/// Writes `input.png`, 24×18 RGB, into a folder.
func writeInput(in folder: String) throws {
    try testPicture(width: 24, height: 18).write(to: folder + "/input.png")
}
