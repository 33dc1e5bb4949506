import Foundation
import ImageCodecs
import Imaging

/// A temporary folder of pictures, removed with the object.
final class PictureFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("liif-data-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func add(_ image: Image<UInt8>, as name: String) throws { try image.write(to: "\(path)/\(name)") }

    func add(_ bytes: Data, as name: String) throws {
        try bytes.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
}

/// A picture whose colours say where they stand: red is y, green is x, blue names the picture.
///
/// - Precondition: at most 256 in each direction.
func positionPicture(height: Int, width: Int, blue: UInt8 = 0) -> Image<UInt8> {
    precondition(height <= 256 && width <= 256)
    var image = Image<UInt8>(width: width, height: height, channels: 3)
    for y in 0..<height {
        for x in 0..<width {
            image[y, x, 0] = UInt8(y)
            image[y, x, 1] = UInt8(x)
            image[y, x, 2] = blue
        }
    }
    return image
}

/// A picture of independent random bytes.
func noisePicture(height: Int, width: Int, seed: UInt64 = 1) -> Image<UInt8> {
    var state = seed
    let samples = (0..<height * width * 3).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
    return Image(width: width, height: height, channels: 3, samples: samples)
}
