// A camera that moves into a picture: every frame shows a smaller part, and no two have the same scale.
//
//     swift run -c release Zoom photo.jpg frames
import Foundation
import ImageCodecs
import Imaging
import LIIF

let names = CommandLine.arguments.dropFirst()
guard let input = names.first, let folder = names.dropFirst().first else {
    fatalError("expected the name of a picture and of a folder for the frames")
}
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)

// The picture is encoded once; every frame is decoded from the same feature map.
let image = try LIIFModel.default().encode(Image<UInt8>.read(from: input))
let frames = 8
for frame in 0..<frames {
    // From the whole to an eighth, by equal factors.
    let share = pow(0.125, Double(frame) / Double(frames - 1))
    let (height, width) = (Double(image.height) * share, Double(image.width) * share)
    let part = Region(
        y: (Double(image.height) - height) / 2, x: (Double(image.width) - width) / 2, height: height,
        width: width)
    let picture = try image.rendered(part, height: 120, width: 160)
    try picture.rounded().write(to: "\(folder)/frame-\(frame).png")
}
