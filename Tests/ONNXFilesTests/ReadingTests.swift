import LIIF
import ONNXFiles
import TensorFiles
import Tensors
import TestSupport
import Testing

/// ONNX files that we wrote, read back, and files that are none.
@Suite struct ReadingTests {
    static let configurations: [LIIFConfiguration] = [
        .tiny, .tiny.with { $0.cellDecoding = false }, .tiny.with { $0.featureUnfolding = false },
        .tiny.with { $0.localEnsemble = false }, .tiny.with { $0.inputSkip = true },
        .tiny.with { $0.greatestCellScale = 2.5 },
        .tiny.with { $0.encoder = .rdn(blocks: 2, layers: 2, growth: 4, channels: 8) },
    ]

    @Test(arguments: configurations) func aModelReadsBackTheSame(_ configuration: LIIFConfiguration) throws {
        try withTemporaryFolder { folder in
            let normalization = PixelNormalization(
                input: .init(subtract: [0.4488, 0.4371, 0.404], divide: [1]),
                truth: .init(subtract: [0], divide: [0.5]))
            let model = LIIFModel.random(
                configuration, normalization: normalization, origin: ["recipe": "r.yaml"])
            try model.writeONNX(to: "\(folder)/m.onnx")
            #expect(try TensorFileFormat(detecting: "\(folder)/m.onnx") == .onnx)
            let read = try LIIFModel(onnx: "\(folder)/m.onnx")
            #expect(read.configuration == .liif(configuration))
            #expect(read.normalization == normalization)
            #expect(read.weights == model.weights)
            #expect(read.origin["recipe"] == "r.yaml" && read.origin["liif.part"] == nil)
        }
    }

    @Test func theSameModelGivesTheSameBytes() throws {
        for part in ONNXPart.allCases {
            #expect(try LIIFModel.random(.tiny).onnx(part) == LIIFModel.random(.tiny).onnx(part))
        }
    }

    private func refusal(_ bytes: [UInt8]) -> String? {
        do {
            _ = try LIIFModel(onnx: bytes, named: "m.onnx")
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func partsAreNotModels() throws {
        #expect(
            refusal(try LIIFModel.random(.tiny).onnx(.decoder))
                == "m.onnx: holds the decoder of a model alone; of ONNX files, only a whole model that `liif convert` "
                + "wrote is read.")
        #expect(refusal(try LIIFModel.random(.tiny).onnx(.encoder))?.contains("the encoder") == true)
        // ir_version 7, producer_name "x", and nothing else.
        #expect(
            refusal([8, 7, 0x12, 1, 0x78])
                == "m.onnx: holds a network of another kind made by x; of ONNX files, only a whole model that "
                + "`liif convert` wrote is read.")
        #expect(refusal([8, 7, 0x12, 5] + "\u{1B}[31m".utf8)?.contains(#"made by \u{1b}[31m;"#) == true)
    }

    /// A tensor more behind the model's own: in the graph (field 7) an initializer (5) of no elements (1), floats (2), named (8).
    @Test(arguments: ["imnet.layers.0.weight.relative", "encoder.head.0.bias"])
    func aTensorThatIsThereTwiceIsRefused(name: String) throws {
        let tensor: [UInt8] = [8, 0, 16, 1, 0x42, UInt8(name.utf8.count)] + name.utf8
        let initializer: [UInt8] = [0x2A, UInt8(tensor.count)] + tensor
        let graph: [UInt8] = [0x3A, UInt8(initializer.count)] + initializer
        #expect(
            refusal(try LIIFModel.random(.tiny).onnx() + graph)
                == "m.onnx: is not a sound ONNX file: the tensor \"\(name)\" is there twice.")
    }

    /// Whatever is damaged, there is an error of ours or a model of the same shape, never a crash.
    @Test func damagedFilesAreRefused() throws {
        let bytes = try LIIFModel.random(.tiny).onnx()
        #expect(refusal(Array(bytes.dropLast(9)))?.hasPrefix("m.onnx: is not a sound ONNX file") == true)
        #expect(refusal([]) != nil)
        var random = SplitMix64(seed: 5)
        for _ in 0..<300 {
            var damaged = bytes
            // The structure: what lies near the beginning and the end; weights are in between.
            let span = min(2000, bytes.count / 2)
            let offset = Int(random.next() % UInt64(span))
            damaged[random.next() % 2 == 0 ? offset : bytes.count - 1 - offset] = UInt8(
                truncatingIfNeeded: random.next())
            if let message = refusal(damaged) { #expect(message.hasPrefix("m.onnx:")) }
        }
    }
}
