import Foundation
import Imaging
import LIIFEvaluation
import LIIFTraining
import RecipeFormat
import Testing

@Suite struct EvaluationSetTests {
    private let high = noise(height: 47, width: 53)

    @Test func suppliedPicturesAreTakenAndOriginalsCropped() throws {
        let folder = try EvaluationFolder()
        let low = noise(height: 23, width: 26, seed: 5)
        try folder.add(high, as: "HR/a.png")
        try folder.add(low, as: "LR_bicubic/X2/ax2.png")
        let set = try EvaluationSet(path: folder.path + "/", style: .benchmark)
        #expect(set.name == "Set")
        let task = try set.task(scale: 2)
        #expect(task.count == 1 && task.evaluationProtocol == .benchmark(scale: 2))
        let pair = try task.pair(0)
        #expect(pair.name == "a" && pair.input == low)
        #expect(pair.truth == high.cropped(y: 0, x: 0, height: 46, width: 52))
    }

    /// DIV2K's own layout: `<Name>_HR` beside `<Name>_LR_bicubic`.
    @Test func siblingFoldersAreFound() throws {
        let folder = try EvaluationFolder()
        let low = noise(height: 15, width: 17, seed: 5)
        try folder.add(high, as: "valid_HR/0801.png")
        try folder.add(low, as: "valid_LR_bicubic/X3/0801x3.png")
        let set = try EvaluationSet(path: folder.path + "/valid_HR", name: "DIV2K", style: .divided2K)
        #expect(set.inputOrigin(scale: 3) == .supplied(folder.path + "/valid_LR_bicubic/X3"))
        #expect(try set.task(scale: 3).pair(0).input == low)
    }

    /// PAPER.md: ×2–×4 MATLAB's, ×6 and more Pillow's, of the original cropped to a multiple.
    @Test(arguments: [2, 3, 4, 6, 8]) func otherwisePicturesAreMade(scale: Int) throws {
        let folder = try EvaluationFolder()
        try folder.add(high, as: "a.png")
        let pair = try EvaluationSet(path: folder.path, style: .faces).task(scale: scale).pair(0)
        let (height, width) = (47 / scale, 53 / scale)
        let truth = high.cropped(y: 0, x: 0, height: height * scale, width: width * scale)
        #expect(pair.truth == truth)
        #expect(
            pair.input
                == (scale <= 4
                    ? truth.resizedLikeMATLAB(height: height, width: width)
                    : truth.resizedBicubic(height: height, width: width)))
    }

    @Test func picturesThatDoNotFitAreNamed() throws {
        let folder = try EvaluationFolder()
        try folder.add(high, as: "HR/a.png")
        try folder.add(high, as: "LR_bicubic/X2/ax2.png")
        let set = try EvaluationSet(path: folder.path, style: .benchmark)
        let original = folder.path + "/HR/a.png"
        #expect(
            throws: EvaluationError.unfitting(
                input: folder.path + "/LR_bicubic/X2/ax2.png", inputSize: .init(height: 47, width: 53),
                original: original, originalSize: .init(height: 47, width: 53), scale: 2)
        ) {
            // Before anything is measured.
            _ = try set.task(scale: 2)
        }
        #expect(
            throws: EvaluationError.missingInput(
                expected: folder.path + "/LR_bicubic/X3/ax3.png", original: original)
        ) {
            _ = try set.task(scale: 3)
        }
        let wide = try EvaluationSet(path: folder.path, style: .divided2K)
        #expect(
            throws: EvaluationError.tooSmall(
                file: original, size: .init(height: 47, width: 53), border: 24, scale: "×18")
        ) {
            _ = try wide.task(scale: 18)
        }
        #expect(throws: DatasetError.missingFolder(path: "/no/such")) {
            _ = try EvaluationSet(path: "/no/such", style: .faces)
        }
    }

    /// Scale and border are checked against the extent that it had.
    @Test func aPictureOfAnotherExtentThanAtFirstIsNamed() throws {
        let folder = try EvaluationFolder()
        try folder.add(high, as: "a.png")
        let task = try EvaluationSet(path: folder.path, style: .faces).task(scale: 2)
        try folder.add(noise(height: 9, width: 1), as: "a.png")
        #expect(
            throws: DatasetError.changed(
                file: folder.path + "/a.png", from: .init(height: 47, width: 53),
                to: .init(height: 9, width: 1))
        ) {
            _ = try task.pair(0)
        }
    }

    @Test func aMissingInputIsNamedBeforeAnythingIsMeasured() throws {
        let folder = try EvaluationFolder()
        try folder.add(high, as: "HR/a.png")
        try folder.add(noise(height: 23, width: 26), as: "LR_bicubic/X2/ax2.png")
        let set = try EvaluationSet(path: folder.path, style: .benchmark)
        var measured = 0
        #expect(
            throws: EvaluationError.missingInput(
                expected: folder.path + "/LR_bicubic/X3/ax3.png", original: folder.path + "/HR/a.png")
        ) {
            _ = try evaluate([BicubicUpscaler()], on: [set], scales: [2, 3]) { _ in measured += 1 }
        }
        #expect(measured == 0)
    }

    /// A recipe in the released schema measures the same as the set it describes.
    /// Oracle: Pillow's bicubic down and up again, by hand.
    @Test func facesAreMeasuredAtTwoSizes() throws {
        let folder = try EvaluationFolder()
        let original = noise(height: 40, width: 40)
        try folder.add(original, as: "a.png")
        func recipe(_ arguments: String) throws -> EvaluationRecipe {
            let text = """
                test_dataset:
                  dataset: {name: image-folder, args: {root_path: .}}
                  wrapper: {name: sr-implicit-uniform-varied, args: {\(arguments)}}
                  batch_size: 1
                """
            return try EvaluationRecipe(RecipeMapping(yaml: text, file: "e.yaml"), file: "e.yaml")
        }
        let table = try evaluate(
            [BicubicUpscaler()], on: recipe("size_min: 20, inp_size: 10"), name: "Faces", root: folder.path)
        let prediction = original.resizedBicubic(height: 10, width: 10).resizedBicubic(height: 20, width: 20)
        let expected = EvaluationProtocol.faces.psnr(
            prediction: FloatImage(prediction), truth: original.resizedBicubic(height: 20, width: 20))
        #expect(table.results[0].psnr == expected && table.results[0].pictures[0].height == 20)
        #expect {
            _ = try evaluate(
                [BicubicUpscaler()], on: recipe("size_min: 20, size_max: 30"), name: "Faces",
                root: folder.path)
        } throws: {
            "\($0)".contains("evaluation takes whole pictures of one size")
        }
    }

    @Test(arguments: [2, 6]) func recipesMeasureTheSame(scale: Int) throws {
        let folder = try EvaluationFolder()
        for (index, name) in ["b", "a"].enumerated() {
            let image = noise(height: 48 + index, width: 50, seed: UInt64(index))
            try folder.add(image, as: "HR/\(name).png")
            let cropped = image.croppedToMultiple(of: 2)
            try folder.add(
                cropped.resizedLikeMATLAB(height: cropped.height / 2, width: cropped.width / 2),
                as: "LR_bicubic/X2/\(name)x2.png")
        }
        let dataset =
            scale == 2
            ? """
            dataset: {name: paired-image-folders, args: {root_path_1: LR_bicubic/X2, root_path_2: HR}}
              wrapper: {name: sr-implicit-paired}
            """
            : """
            dataset: {name: image-folder, args: {root_path: HR}}
              wrapper: {name: sr-implicit-downsampled, args: {scale_min: \(scale)}}
            """
        func recipe(_ text: String) throws -> EvaluationRecipe {
            try EvaluationRecipe(RecipeMapping(yaml: text, file: "e.yaml"), file: "e.yaml")
        }
        let text = "test_dataset:\n  \(dataset)\n  batch_size: 1\neval_type: benchmark-\(scale)\n"
        let set = try EvaluationSet(path: folder.path, style: .benchmark)
        let expected = try evaluate([BicubicUpscaler()], on: [set], scales: [scale])
        var table = try evaluate([BicubicUpscaler()], on: recipe(text), name: "Set", root: folder.path)
        for index in 0..<2 {
            #expect(expected.results[0].pictures[index].psnr < 30)
            table.results[0].pictures[index].seconds = expected.results[0].pictures[index].seconds
        }
        #expect(table == expected)
        #expect(table.results[0].pictures.map(\.name) == ["a", "b"])

        guard scale == 6 else { return }
        let crops = text.replacingOccurrences(of: "scale_min: 6", with: "scale_min: 6, inp_size: 2")
        #expect {
            _ = try evaluate([BicubicUpscaler()], on: recipe(crops), name: "Set", root: folder.path)
        } throws: {
            "\($0)".contains("e.yaml: test_dataset.wrapper: evaluation takes whole pictures")
        }
    }
}
