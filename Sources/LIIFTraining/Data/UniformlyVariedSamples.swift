package import Imaging

/// `sr-implicit-uniform-varied` (Table 5): whole pictures, the truth of item i of N resized to a size that grows
/// evenly with i.
public struct UniformlyVariedSamples: SampleSet {
    /// Where inputs and truths come from.
    public enum Source: Sendable {
        /// Inputs made beforehand beside their originals, as in the release.
        case paired(PairedImageFolders)
        /// Ours: originals alone; the input is the original, its shorter side resized to `inputSize` pixels.
        case originals(ImageFolder, inputSize: Int)
    }

    /// The pictures.
    public let source: Source
    /// The truth's shorter side in pixels, from the first item to the last.
    public let size: ClosedRange<Int>
    /// Whether both are flipped left to right at random.
    public let augments: Bool
    /// The size that the truth is resized to afterwards, as fixed-scale models need; nil leaves it.
    public let truthSize: Int?
    /// Points of each truth; nil takes all pixels in order.
    public let samplesPerImage: Int?

    /// - Throws: `DatasetError.tooFewPixels` where the smallest truth has fewer pixels than points are wanted.
    public init(
        source: Source, size: ClosedRange<Int>, augments: Bool = false, truthSize: Int? = nil,
        samplesPerImage: Int? = nil
    ) throws {
        self.source = source
        self.size = size
        self.augments = augments
        self.truthSize = truthSize
        self.samplesPerImage = samplesPerImage
        let side = truthSize ?? size.lowerBound
        if let samplesPerImage, samplesPerImage > side * side {
            throw DatasetError.tooFewPixels(requested: samplesPerImage, available: side * side, file: nil)
        }
    }

    /// Samples of an epoch.
    public var count: Int {
        switch source {
        case .paired(let folders): folders.count
        case .originals(let folder, _): folder.count
        }
    }

    /// The shorter side of an item's truth before `truthSize`, halves rounded to even.
    public func truthSize(at index: Int) -> Int {
        let part = count == 1 ? 0 : Double(index) / Double(count - 1)
        let (low, high) = (Double(size.lowerBound), Double(size.upperBound))
        return Int((low + (high - low) * part).rounded(.toNearestOrEven))
    }

    /// A whole input and its truth at the item's size, before `truthSize`.
    package func wholePair(at index: Int) throws -> (input: Image<UInt8>, truth: Image<UInt8>) {
        let truth: Image<UInt8>
        let input: Image<UInt8>
        switch source {
        case .paired(let folders):
            input = try folders.inputs.image(at: index)
            truth = try folders.truths.image(at: index)
        case .originals(let folder, let inputSize):
            truth = try folder.image(at: index)
            input = truth.resized(shorterSide: inputSize)
        }
        return (input, truth.resized(shorterSide: truthSize(at: index)))
    }

    /// The pictures that truths are made of.
    package var originals: ImageFolder {
        switch source {
        case .paired(let folders): folders.truths
        case .originals(let folder, _): folder
        }
    }

    /// One sample.
    public func sample(index: Int, epoch: Int, seed: UInt64) throws -> TrainingSample {
        var (input, truth) = try wholePair(at: index)
        var generator = SampleGenerator(seed: seed, epoch: epoch, index: index)
        if augments, generator.coin() {
            input = input.flippedHorizontally()
            truth = truth.flippedHorizontally()
        }
        if let truthSize { truth = truth.resized(shorterSide: truthSize) }
        return TrainingSample(
            input: input, truth: TruthRegion(truth), augmentation: Augmentation(),
            pointCount: samplesPerImage,
            generator: &generator)
    }
}

extension Image<UInt8> {
    /// Pillow's bicubic; the longer side in proportion, rounded down, as torchvision's `Resize` of one number.
    fileprivate func resized(shorterSide: Int) -> Image {
        height <= width
            ? resizedBicubic(height: shorterSide, width: shorterSide * width / height)
            : resizedBicubic(height: shorterSide * height / width, width: shorterSide)
    }
}
