import Foundation
import ImageCodecs
import Imaging
import LIIFTraining

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

/// Crops of one picture, a thousand samples of it in an epoch.
func crops(
    of picture: Image<UInt8>, patch: Int?, scale: ClosedRange<Double>,
    _ augmentation: AugmentationRecipe = AugmentationRecipe(), points: Int? = nil
) throws -> DownsampledSamples {
    let folder = try PictureFolder()
    try folder.add(picture, as: "a.png")
    let images = try ImageFolder(path: folder.path, repetitions: 1000, cache: .inMemory)
    _ = try images.image(at: 0)
    return try DownsampledSamples(
        folder: images, inputPatchSize: patch, scale: scale, augmentation: augmentation,
        samplesPerImage: points)
}

/// The truth that a sample with all pixels in order was taken from.
func truth(of sample: TrainingSample) -> Image<UInt8> {
    Image(
        width: sample.truthWidth, height: sample.truthHeight, channels: 3,
        samples: sample.colours.map { UInt8($0 * 255 + 0.5) })
}

/// The input of a sample.
func input(of sample: TrainingSample) -> Image<UInt8> {
    Image(
        width: sample.inputWidth, height: sample.inputHeight, channels: 3,
        samples: sample.input.map { UInt8($0 * 255 + 0.5) })
}

extension Image<UInt8> {
    /// Whether `other` is a crop of this picture.
    func contains(_ other: Image) -> Bool {
        let first = Array(other.samples[0..<other.width * 3])
        for y in 0...(height - other.height) {
            for x in 0...(width - other.width) {
                let start = (y * width + x) * 3
                guard samples[start] == first[0], Array(samples[start..<start + first.count]) == first else {
                    continue
                }
                if cropped(y: y, x: x, height: other.height, width: other.width) == other { return true }
            }
        }
        return false
    }
}
