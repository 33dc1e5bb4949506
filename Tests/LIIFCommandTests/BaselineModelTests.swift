import ImageCodecs
import Imaging
import LIIF
import TestSupport
import Testing

/// Models whose decoder is not LIIF's, as a user meets them.
@Suite struct BaselineModelTests {
    /// A folder with `input.png` of 24×18 pixels, `metasr.safetensors` and `x2.safetensors`.
    private func withModels(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let encoder = EncoderConfiguration.edsr(blocks: 1, channels: 4, residualScale: 1)
            try newModel(.metaSR(MetaSRConfiguration(encoder: encoder, hiddenWidth: 8)))
                .write(to: folder + "/metasr.safetensors")
            try newModel(.upsampling(UpsamplingConfiguration(encoder: encoder, scale: 2)))
                .write(to: folder + "/x2.safetensors")
            try body(folder)
        }
    }

    /// Integers are for decoders, which an up-sampling module has none of.
    @Test(.enabled(if: InferencePrecision.int8.isSupported)) func noJobOfAModuleIsInIntegers() throws {
        try withModels { folder in
            try expectFailure(
                "benchmark", "--model", "x2.safetensors", "--precision", "int8", status: 64,
                error: "--precision int8: no job with this model computes in it; choose float32 or bfloat16.",
                in: folder)
        }
    }

    @Test func theyAreDescribed() throws {
        try withModels { folder in
            for (model, line) in [
                ("metasr", "decoder             MetaSR, a hidden layer of 8\n"),
                ("x2", "decoder             up-sampling module, scale 2 alone\n"),
            ] {
                let info = try liif(["info", "\(model).safetensors"], in: folder)
                #expect(info.status == 0 && info.output.contains(line))
                #expect(
                    info.output.contains("encoder             EDSR, 1 residual blocks of 4 features\n"))
            }
        }
    }

    @Test(arguments: [("metasr", "3.7", 89, 67), ("x2", "2", 48, 36)])
    func theyEnlarge(_ model: String, scale: String, width: Int, height: Int) throws {
        try withModels { folder in
            let arguments = ["upscale", "input.png", "-o", "out.png", "--scale", scale]
            #expect(try liif(arguments + ["--model", "\(model).safetensors"], in: folder).status == 0)
            let info = try ImageFile.source(at: folder + "/out.png").info
            #expect(info.width == width && info.height == height)
        }
    }

    @Test func aModuleRefusesOtherScales() throws {
        try withModels { folder in
            try expectFailure(
                "upscale", "input.png", "-o", "out.png", "--scale", "3", "--model", "x2.safetensors",
                status: 1,
                error:
                    "the model enlarges by 2 and nothing else (an up-sampling module): expected 48×36 pixels "
                    + "from 24×18, found 72×54. LIIF and MetaSR models take any size.", in: folder)
        }
    }

    @Test func evaluationLeavesOtherScalesEmpty() throws {
        try withModels { folder in
            let outcome = try liif(
                [
                    "evaluate", "--set", ".", "--style", "faces", "--scales", "2,3", "--model",
                    "x2.safetensors",
                ],
                in: folder)
            #expect(outcome.status == 0)
            let rows = outcome.output.split(separator: "\n").map { $0.split(separator: "|") }
            let module = try #require(rows.first { $0.first == " up-sampling module ×2 " })
            #expect(module.count == 3 && module[1].contains(".") && module[2] == "  ")
            let none = try liif(
                ["evaluate", "--set", ".", "--style", "faces", "--scales", "3", "--model", "x2.safetensors"],
                in: folder)
            #expect(none.status != 0 && none.output == "")
            #expect(
                none.errors.contains(
                    "x2.safetensors: it enlarges by 2 and nothing else; add 2 to --scales."))
            let metaSR = try liif(
                [
                    "evaluate", "--set", ".", "--style", "faces", "--scales", "3", "--model",
                    "metasr.safetensors",
                ],
                in: folder)
            #expect(metaSR.status == 0 && metaSR.output.contains("| MetaSR |"))
        }
    }
}
