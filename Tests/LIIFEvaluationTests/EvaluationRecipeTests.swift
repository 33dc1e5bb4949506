import Imaging
import LIIF
import LIIFEvaluation
import LIIFTraining
import RecipeFormat
import Testing

/// Puts another picture into the folder while it is measured.
private struct Meddler: SuperResolver {
    let folder: EvaluationFolder
    var name: String { "Meddler" }

    func upscaled(_ image: Image<UInt8>, height: Int, width: Int) throws -> FloatImage {
        try folder.add(noise(height: 24, width: 24), as: "pictures/b.png")
        return BicubicUpscaler().upscaled(image, height: height, width: width)
    }
}

/// Knows ×3 alone.
private struct Tripler: SuperResolver {
    let name = "tripler"
    let fixedScale: Int? = 3

    func upscaled(_ image: Image<UInt8>, height: Int, width: Int) -> FloatImage {
        BicubicUpscaler().upscaled(image, height: height, width: width)
    }
}

@Suite struct EvaluationRecipeTests {
    private func recipe(_ normalization: String) throws -> EvaluationRecipe {
        let text = """
            test_dataset:
              dataset: {name: image-folder, args: {root_path: pictures}}
              wrapper: {name: sr-implicit-downsampled, args: {scale_min: 2}}
              batch_size: 1
            \(normalization)
            """
        return try EvaluationRecipe(RecipeMapping(yaml: text, file: "e.yaml"), file: "e.yaml")
    }

    /// All are measured on the same pictures.
    @Test func theFoldersAreOpenedOnce() throws {
        let folder = try EvaluationFolder()
        try folder.add(noise(height: 24, width: 24), as: "pictures/a.png")
        var seen: [String] = []
        let table = try evaluate(
            [Meddler(folder: folder), BicubicUpscaler()], on: recipe(""), name: "e", root: folder.path
        ) { seen.append("\($0.method) \($0.done)/\($0.count)") }
        #expect(seen == ["Meddler 1/1", "Bicubic 1/1"])
        #expect(table.results.map(\.method) == ["Meddler", "Bicubic"])
        #expect(table.results[0].psnr == table.results[1].psnr)
    }

    /// Bicubic would come first.
    @Test func anotherScaleIsRefusedBeforeAnythingIsMeasured() throws {
        let folder = try EvaluationFolder()
        try folder.add(noise(height: 24, width: 24), as: "pictures/a.png")
        var measured = 0
        #expect {
            _ = try evaluate(
                [BicubicUpscaler(), Tripler()], on: recipe(""), name: "e", root: folder.path
            ) { _ in measured += 1 }
        } throws: {
            "\($0)"
                == "e.yaml: test_dataset: found pictures at ×2, expected ×3, the one scale of the tripler."
        }
        #expect(measured == 0)
    }

    /// The embedded model's is 0.5 and 0.5; a recipe may say it for each channel, or not at all.
    @Test(arguments: [
        "", "data_norm: {inp: {sub: [0.5], div: [0.5]}, gt: {sub: [0.5, 0.5, 0.5], div: [0.5]}}",
    ]) func theModelsNormalizationIsAccepted(_ normalization: String) throws {
        try recipe(normalization).check(LIIFUpscaler(try LIIFModel.default()))
    }

    @Test func anotherNormalizationIsRefusedBeforePicturesAreOpened() throws {
        let other = try recipe("data_norm: {inp: {sub: [0], div: [1]}, gt: {sub: [0], div: [1]}}")
        #expect {
            _ = try evaluate([LIIFUpscaler(try LIIFModel.default())], on: other, name: "e", root: "/no/such")
        } throws: {
            "\($0)".hasPrefix("e.yaml: data_norm: found {\"inp\": {\"sub\": [0.0], \"div\": [1.0]}, ")
                && "\($0)".contains("expected the model's, {\"inp\": {\"sub\": [0.5], ")
        }
        // What is no model has none.
        try other.check(BicubicUpscaler())
    }
}
