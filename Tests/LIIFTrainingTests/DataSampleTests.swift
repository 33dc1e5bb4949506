import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFTraining
import RecipeFormat
import Testing

/// The pixel that a query's coordinates are the centre of.
private func pixel(_ sample: TrainingSample, _ query: Int) -> (y: Int, x: Int) {
    let y = (Double(sample.coordinates[query * 2]) + 1) * Double(sample.truthHeight) / 2 - 0.5
    let x = (Double(sample.coordinates[query * 2 + 1]) + 1) * Double(sample.truthWidth) / 2 - 0.5
    #expect(abs(y - y.rounded()) < 1e-4 && abs(x - x.rounded()) < 1e-4)
    return (Int(y.rounded()), Int(x.rounded()))
}

@Suite struct DataSampleTests {
    /// At scale 1 the crop is the input, so each colour must be the input's at its coordinates.
    @Test func atScaleOneColoursAreTheInputs() throws {
        let set = try crops(
            of: noisePicture(height: 80, width: 90), patch: 48, scale: 1...1, AugmentationRecipe(turns: true),
            points: 2304)
        for index in 0..<20 {
            let sample = try set.sample(index: index, epoch: 1, seed: 1)
            #expect(sample.queryCount == 2304 && sample.inputHeight == 48 && sample.inputWidth == 48)
            var seen: Set<Int> = []
            for query in 0..<sample.queryCount {
                let (y, x) = pixel(sample, query)
                seen.insert(y * 48 + x)
                let expected = sample.input[(y * 48 + x) * 3..<(y * 48 + x) * 3 + 3]
                #expect(Array(expected) == Array(sample.colours[query * 3..<query * 3 + 3]))
            }
            #expect(seen.count == 2304, "without replacement, 2304 of 2304 pixels are all of them")
        }
    }

    @Test func pointsAreDistinctAndSpread() throws {
        let set = try crops(
            of: positionPicture(height: 256, width: 256), patch: 48, scale: 4...4, points: 2304)
        let sample = try set.sample(index: 3, epoch: 1, seed: 1)
        #expect(sample.truthHeight == 192 && sample.truthWidth == 192)
        let pixels = (0..<2304).map { pixel(sample, $0) }
        #expect(Set(pixels.map { $0.y * 192 + $0.x }).count == 2304)
        // Each quarter of the crop expects 576 ± 21 of them.
        for (top, left) in [(0, 0), (0, 96), (96, 0), (96, 96)] {
            let count = pixels.count { $0.y / 96 * 96 == top && $0.x / 96 * 96 == left }
            #expect(abs(count - 576) < 100)
        }
        #expect(pixels[0].y * 192 + pixels[0].x > 0 || pixels[1].y * 192 + pixels[1].x > 1, "in random order")
        #expect(sample.cell == Cell(height: 2 / 192, width: 2 / 192))
    }

    /// Oracle: Python's `round(48 * s)` over s ~ U(1, 4), crops anywhere in the picture, by position colours.
    @Test func cropsVaryInSizeAndPlace() throws {
        let set = try crops(of: positionPicture(height: 200, width: 256), patch: 48, scale: 1...4)
        var (sizes, tops, lefts): ([Int], Set<Int>, Set<Int>) = ([], [], [])
        for index in 0..<300 {
            let sample = try set.sample(index: index, epoch: 0, seed: 9)
            let crop = truth(of: sample)
            #expect(crop.height == crop.width && (48...192).contains(crop.height))
            let (top, left) = (Int(crop[0, 0, 0]), Int(crop[0, 0, 1]))
            #expect(
                crop
                    == positionPicture(height: 200, width: 256)
                    .cropped(y: top, x: left, height: crop.height, width: crop.width))
            #expect(input(of: sample) == crop.resizedBicubic(height: 48, width: 48))
            sizes.append(crop.height)
            tops.insert(top)
            lefts.insert(left)
        }
        // The mean of U(48, 192) is 120, of 300 draws ± 2.4.
        #expect(abs(Double(sizes.reduce(0, +)) / 300 - 120) < 10)
        #expect(sizes.min()! < 56 && sizes.max()! > 184)
        #expect(tops.count > 80 && lefts.count > 100 && tops.contains { $0 > 100 })
    }

    @Test func samplesDependOnSeedEpochAndIndexAlone() throws {
        let set = try crops(
            of: noisePicture(height: 200, width: 200), patch: 16, scale: 1...4,
            AugmentationRecipe(turns: true), points: 64)
        let sample = try set.sample(index: 5, epoch: 3, seed: 1)
        _ = try set.sample(index: 6, epoch: 3, seed: 1)
        #expect(try set.sample(index: 5, epoch: 3, seed: 1) == sample)
        #expect(try set.sample(index: 6, epoch: 3, seed: 1) != sample)
        #expect(try set.sample(index: 5, epoch: 4, seed: 1) != sample)
        #expect(try set.sample(index: 5, epoch: 3, seed: 2) != sample)
    }

    /// Oracle: the release's arithmetic for whole pictures: floor(h / s + 1e-9), then round(that · s).
    @Test(arguments: [
        (4.0, 50, 63, 12, 15, 48, 60), (3.0, 9, 10, 3, 3, 9, 9), (1.5, 10, 11, 6, 7, 9, 10),
        (2.5, 50, 60, 20, 24, 50, 60),
    ])
    func wholePicturesAreCutToTheScale(
        scale: Double, height: Int, width: Int, lowHeight: Int, lowWidth: Int, highHeight: Int, highWidth: Int
    ) throws {
        let picture = noisePicture(height: height, width: width)
        let sample = try crops(of: picture, patch: nil, scale: scale...scale).sample(
            index: 0, epoch: 0, seed: 0)
        #expect(sample.inputHeight == lowHeight && sample.inputWidth == lowWidth)
        let crop = picture.cropped(y: 0, x: 0, height: highHeight, width: highWidth)
        #expect(truth(of: sample) == crop)
        #expect(input(of: sample) == crop.resizedBicubic(height: lowHeight, width: lowWidth))
        for query in 0..<sample.queryCount {
            let (y, x) = pixel(sample, query)
            #expect(y * highWidth + x == query)
        }
    }

    @Test func picturesSmallerThanACropAreNamed() throws {
        let folder = try PictureFolder()
        try folder.add(noisePicture(height: 192, width: 200), as: "a.png")
        try folder.add(noisePicture(height: 300, width: 191), as: "b.png")
        let images = try ImageFolder(path: folder.path)
        #expect(
            throws: DatasetError.tooSmall(
                file: folder.path + "/b.png", size: .init(height: 300, width: 191),
                least: .init(height: 192, width: 192), reason: "a crop for an input of 48 at scale 4.0")
        ) {
            _ = try DownsampledSamples(folder: images, inputPatchSize: 48, scale: 1...4)
        }
        #expect(throws: DatasetError.tooFewPixels(requested: 2305, available: 2304, file: nil)) {
            _ = try DownsampledSamples(
                folder: images, inputPatchSize: 48, scale: 1...3, samplesPerImage: 2305)
        }
    }

    @Test func aRecipeOpensItsFolders() throws {
        let folder = try PictureFolder()
        try folder.add(noisePicture(height: 200, width: 200), as: "a.png")
        let root = URL(fileURLWithPath: folder.path).deletingLastPathComponent().path
        let name = URL(fileURLWithPath: folder.path).lastPathComponent
        let text = recipeText(replacing: "./load/div2k/DIV2K_train_HR", with: "./\(name)")
        let recipe = try TrainingRecipe(RecipeMapping(yaml: text, file: "r"), file: "r")
        let set = try recipe.trainingData.open(root: root)
        #expect(set.count == 20)
        #expect(try set.sample(index: 19, epoch: 1, seed: 1).queryCount == 2304)
        #expect(throws: DatasetError.missingFolder(path: "./\(name)")) { _ = try recipe.trainingData.open() }
    }

    /// `split_file` lies beside the pictures' folder, `first_k` counts in the split's order, and `repeat` comes after both.
    @Test func aRecipeTakesTheFirstPicturesOfItsSplit() throws {
        let folder = try PictureFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/pictures", withIntermediateDirectories: false)
        for (name, blue) in [("a", 10), ("b", 20), ("c", 30)] as [(String, UInt8)] {
            try folder.add(positionPicture(height: 4, width: 6, blue: blue), as: "pictures/\(name).png")
        }
        let split = #"{"train": ["c.png", "a.png", "b.png"], "val": ["b.png"]}"#
        try folder.add(Data(split.utf8), as: "split.json")
        var recipe = DatasetRecipe(
            source: .folder("pictures"), repetitions: 2, firstCount: 2,
            wrapper: .downsampled(
                inputPatchSize: nil, scale: 1...1, augmentation: AugmentationRecipe(), samplesPerImage: nil),
            batchSize: 1)
        // Relative to the root, or absolute.
        for (root, file) in [
            (folder.path, "split.json"), (folder.path + "/", folder.path + "/split.json"),
        ] {
            recipe.split = DatasetRecipe.Split(file: file, key: "train")
            let set = try recipe.open(root: root)
            #expect(set.count == 4)
            let blues = try (0..<set.count).map { index in
                truth(of: try set.sample(index: index, epoch: 1, seed: 1))[3, 5, 2]
            }
            #expect(blues == [30, 10, 30, 10])
        }
        #expect(throws: DatasetError.missingFolder(path: folder.path + "/pictures/pictures")) {
            _ = try recipe.open(root: folder.path + "/pictures")
        }
    }

    /// Crops are cut by the extents that were read at opening; beyond a smaller picture they would end the program.
    @Test(arguments: DatasetRecipe.Cache.allCases)
    func aPictureThatHasChangedIsNamed(_ cache: DatasetRecipe.Cache) throws {
        let parent = try PictureFolder()
        let root = parent.path + "/pictures"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try positionPicture(height: 9, width: 9).write(to: root + "/a.png")
        let samples = try DownsampledSamples(
            folder: ImageFolder(path: root, cache: cache), inputPatchSize: 4, scale: 2...2)
        try positionPicture(height: 5, width: 6).write(to: root + "/a.png")
        #expect(
            throws: DatasetError.changed(
                file: root + "/a.png", from: .init(height: 9, width: 9), to: .init(height: 5, width: 6))
        ) {
            _ = try samples.sample(index: 0, epoch: 1, seed: 1)
        }
    }
}
