import Foundation
import ImageCodecs
import Imaging

/// A temporary folder, removed with the object.
final class EvaluationFolder {
    let path: String

    init(named name: String = "Set") throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("liif-evaluation-\(UUID())")
        path = root.appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: URL(fileURLWithPath: path).deletingLastPathComponent())
    }

    /// Writes a picture, with the folders before it; `name` is relative to the folder.
    func add(_ image: Image<UInt8>, as name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try image.write(to: url.path)
    }
}

/// A picture of independent random bytes.
func noise(height: Int, width: Int, seed: UInt64 = 1) -> Image<UInt8> {
    var state = seed
    let samples = (0..<height * width * 3).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
    return Image(width: width, height: height, channels: 3, samples: samples)
}
