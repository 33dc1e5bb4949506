import Foundation
import Imaging
import LIIF
import ONNXFiles
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Our ONNX files in onnxruntime against our own renderer in float32, at several sizes and scales; the two follow
/// different paths from the same weights.
@Suite(.enabled(if: TestTools.areInstalled, "\(TestTools.missing)")) struct OnnxruntimeTests {
    static let ablations: [(String, LIIFConfiguration)] = [
        ("edsr-baseline-liif", .edsrBaseline),
        ("c", .edsrBaseline.with { $0.cellDecoding = false }),
        ("u", .edsrBaseline.with { $0.featureUnfolding = false }),
        ("e", .edsrBaseline.with { $0.localEnsemble = false }),
        ("d", .edsrBaseline.with { $0.hiddenWidths = [256, 256] }),
    ]

    @Test(arguments: ablations)
    func thePapersModelAndItsAblations(_ name: String, _ configuration: LIIFConfiguration) throws {
        try check(name, .random(configuration))
    }

    @Test func theEmbeddedModel() throws { try check("default", .default()) }

    static let others: [(String, LIIFConfiguration)] = [
        ("scaled", .tiny.with { $0.encoder = .edsr(blocks: 2, channels: 8, residualScale: 0.1) }),
        ("rdn", .tiny.with { $0.encoder = .rdn(blocks: 2, layers: 3, growth: 4, channels: 8) }),
        ("cell-limit", .tiny.with { $0.greatestCellScale = 1.5 }),
        ("shallow", .tiny.with { $0.hiddenWidths = [16] }),
        (
            "skip-only",
            .tiny.with {
                $0.inputSkip = true
                $0.cellDecoding = false
                $0.featureUnfolding = false
                $0.localEnsemble = false
            }
        ),
    ]

    @Test(arguments: others)
    func everyOtherPart(_ name: String, _ configuration: LIIFConfiguration) throws {
        let normalization = PixelNormalization(
            input: .init(subtract: [0.4488, 0.4371, 0.404], divide: [0.5, 0.25, 1]),
            truth: .init(subtract: [0.5], divide: [0.5, 0.6, 0.7]))
        try check(name, .random(configuration, normalization: normalization))
    }

    private func check(_ name: String, _ model: LIIFModel) throws {
        try withTemporaryFolder { folder in
            try model.writeONNX(to: "\(folder)/\(name).onnx")
            try model.writeONNX(.encoder, to: "\(folder)/\(name)-encoder.onnx")
            try model.writeONNX(.decoder, to: "\(folder)/\(name)-decoder.onnx")
            try writeCase(
                name, model, height: 24, width: 32, sizes: [(48, 64), (89, 118), (12, 16)], in: folder)
            try writeCase(name, model, height: 7, width: 5, sizes: [(7, 5), (21, 15), (56, 11)], in: folder)
            let outcome = try TestTools.run("check-onnx.py", [folder])
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(
                outcome.output.components(separatedBy: "worst difference").count == 15, "\(outcome.output)")
        }
    }

    private func writeCase(
        _ name: String, _ model: LIIFModel, height: Int, width: Int, sizes: [(Int, Int)], in folder: String
    ) throws {
        let picture = Image<UInt8>(
            width: width, height: height, channels: 3,
            samples: (0..<height * width * 3).map { UInt8(truncatingIfNeeded: $0 * 29 ^ ($0 >> 3) * 7) })
        let image = try model.encode(picture, precision: .float32)
        var file = SafetensorsFile()
        file["image"] = Tensor(shape: [height, width, 3], values: picture.samples.map { Float($0) / 255 })
        file["features"] = Tensor(
            shape: [height, width, model.configuration.encoder.featureChannels], values: image.features)
        for (rows, columns) in sizes {
            file["\(rows)x\(columns)"] = Tensor(
                shape: [rows, columns, 3], values: try image.rendered(height: rows, width: columns).values)
        }
        try file.write(to: "\(folder)/\(name)@\(height)x\(width).safetensors")
    }
}
