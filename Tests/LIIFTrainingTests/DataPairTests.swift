import Imaging
import LIIF
import LIIFTraining
import Testing

/// A sample's numbers as bytes.
private func bytes(_ values: [Float]) -> [UInt8] { values.map { UInt8($0 * 255 + 0.5) } }

@Suite struct DataPairTests {
    private func pairs(_ low: Image<UInt8>, _ high: Image<UInt8>, count: Int = 1) throws -> PairedImageFolders
    {
        let (inputs, truths) = (try PictureFolder(), try PictureFolder())
        for index in 0..<count {
            try inputs.add(low, as: "\(100 + index)x2.png")
            try truths.add(high, as: "\(100 + index).png")
        }
        let opened = try PairedImageFolders(
            inputs: ImageFolder(path: inputs.path, cache: .inMemory),
            truths: ImageFolder(path: truths.path, cache: .inMemory))
        for index in 0..<count {
            _ = try (opened.inputs.image(at: index), opened.truths.image(at: index))
        }
        return opened
    }

    /// The truth's position colours say where it was cut: at three times the input's position, turned alike.
    @Test func cropsAreAligned() throws {
        let set = try PairedSamples(
            folders: pairs(
                positionPicture(height: 40, width: 50), positionPicture(height: 121, width: 152)),
            inputPatchSize: 8, augments: true)
        var corners: Set<[UInt8]> = []
        for seed in 0..<100 {
            let sample = try set.sample(index: 0, epoch: 0, seed: UInt64(seed))
            #expect(sample.truthHeight == 24 && sample.truthWidth == 24 && sample.queryCount == 576)
            let (low, high) = (bytes(sample.input), bytes(sample.colours))
            for y in 0..<8 {
                for x in 0..<8 {
                    // The middle pixel of each 3×3 block stands at 3 · position + 1 however it is turned.
                    let input = (y * 8 + x) * 3
                    let truth = ((y * 3 + 1) * 24 + x * 3 + 1) * 3
                    #expect(high[truth] == 3 * low[input] + 1 && high[truth + 1] == 3 * low[input + 1] + 1)
                }
            }
            corners.insert([low[0], low[1]])
        }
        #expect(corners.count > 80)
    }

    @Test func wholePicturesLeaveTheRemainder() throws {
        let (low, high) = (noisePicture(height: 5, width: 6), noisePicture(height: 16, width: 20, seed: 2))
        let sample = try PairedSamples(folders: pairs(low, high), inputPatchSize: nil)
            .sample(index: 0, epoch: 0, seed: 0)
        #expect(bytes(sample.input) == low.samples)
        #expect(bytes(sample.colours) == high.cropped(y: 0, x: 0, height: 15, width: 18).samples)
        #expect(sample.cell == Cell(height: 2 / 15, width: 2 / 18))
        #expect(sample.isWhole)
    }

    @Test func inputsSmallerThanACropAreNamed() throws {
        let folders = try pairs(noisePicture(height: 7, width: 20), noisePicture(height: 14, width: 40))
        #expect {
            _ = try PairedSamples(folders: folders, inputPatchSize: 8)
        } throws: {
            guard case DatasetError.tooSmall(let file, let size, let least, _) = $0 else { return false }
            return file.hasSuffix("100x2.png") && size == .init(height: 7, width: 20)
                && least == .init(height: 8, width: 8)
        }
        #expect {
            _ = try PairedSamples(folders: folders, inputPatchSize: nil, samplesPerImage: 561)
        } throws: {
            guard case DatasetError.tooFewPixels(561, 560, _?) = $0 else { return false }
            return true
        }
    }

    /// `a1x2.png` comes behind `a10x2.png`, but `a1.png` before `a10.png`. The oracle is the names.
    @Test(arguments: [2, 5]) func picturesOfOneNameArePaired(_ count: Int) throws {
        let (inputs, truths) = (try PictureFolder(), try PictureFolder())
        for (index, name) in ["a", "a1", "a10", "a2", "b"].enumerated() {
            try inputs.add(positionPicture(height: 4, width: 5, blue: UInt8(index)), as: "\(name)x2.png")
            try truths.add(positionPicture(height: 8, width: 10, blue: UInt8(index)), as: "\(name).png")
        }
        let recipe = DatasetRecipe(
            source: .pairedFolders(input: inputs.path, truth: truths.path), firstCount: count,
            wrapper: .paired(inputPatchSize: nil, augments: false, samplesPerImage: nil), batchSize: 1)
        let samples = try #require(try recipe.open() as? PairedSamples)
        let blues = try (0..<samples.count).map { index in
            let pair = try samples.wholePair(at: index)
            return [pair.input[0, 0, 2], pair.truth[0, 0, 2]]
        }
        #expect(blues == (0..<count).map { [UInt8($0), UInt8($0)] })
    }

    /// Oracle: PAPER.md's round(L + (H − L) · i / (N − 1)), Python's rounding.
    @Test func truthsGrowWithTheIndex() throws {
        let (low, high) = (noisePicture(height: 32, width: 32), noisePicture(height: 64, width: 64, seed: 3))
        let set = try UniformlyVariedSamples(
            source: .paired(pairs(low, high, count: 5)), size: 32...42, augments: true)
        // 32, 34.5, 37, 39.5, 42: halves to even.
        let expected = [32, 34, 37, 40, 42]
        var flips: Set<Bool> = []
        for seed in 0..<8 {
            for (index, side) in expected.enumerated() {
                let sample = try set.sample(index: index, epoch: 0, seed: UInt64(seed))
                #expect(sample.truthHeight == side && sample.truthWidth == side)
                let flipped = bytes(sample.input) != low.samples
                flips.insert(flipped)
                let truth = high.resizedBicubic(height: side, width: side)
                #expect(bytes(sample.colours) == (flipped ? truth.flippedHorizontally() : truth).samples)
                #expect(bytes(sample.input) == (flipped ? low.flippedHorizontally() : low).samples)
            }
        }
        #expect(flips == [false, true])
    }

    @Test func truthsAreResizedForFixedScaleModels() throws {
        let high = noisePicture(height: 64, width: 64, seed: 3)
        let folders = try pairs(noisePicture(height: 32, width: 32), high, count: 2)
        let set = try UniformlyVariedSamples(
            source: .paired(folders), size: 32...64, truthSize: 64, samplesPerImage: 1024)
        let sample = try set.sample(index: 0, epoch: 0, seed: 0)
        #expect(sample.truthHeight == 64 && sample.queryCount == 1024)
        // Our own shorthand: originals alone, the input made from them.
        let alone = try UniformlyVariedSamples(
            source: .originals(folders.truths, inputSize: 16), size: 24...64)
        let made = try alone.sample(index: 1, epoch: 0, seed: 0)
        #expect(bytes(made.input) == high.resizedBicubic(height: 16, width: 16).samples)
        #expect(bytes(made.colours) == high.samples)
        #expect(throws: DatasetError.tooFewPixels(requested: 1025, available: 1024, file: nil)) {
            _ = try UniformlyVariedSamples(source: .paired(folders), size: 32...64, samplesPerImage: 1025)
        }
    }
}
