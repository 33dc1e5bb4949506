package import Imaging

/// `sr-implicit-downsampled`: a crop is the truth, the same crop resized with Pillow's bicubic is the input.
public struct DownsampledSamples: SampleSet {
    /// The pictures that crops are cut from.
    public let folder: ImageFolder
    /// Side of the input in pixels; nil takes whole pictures.
    public let inputPatchSize: Int?
    /// Drawn uniformly for each sample; at least 1.
    public let scale: ClosedRange<Double>
    /// How crops are varied; of whole pictures, none is reduced.
    public let augmentation: AugmentationRecipe
    /// Points of each truth; nil takes all pixels in order.
    public let samplesPerImage: Int?

    /// - Throws: `DatasetError.tooSmall` for a picture from which no crop of the greatest scale can be cut, and
    ///   `.tooFewPixels` where the smallest crop has fewer pixels than points are wanted.
    public init(
        folder: ImageFolder, inputPatchSize: Int?, scale: ClosedRange<Double>,
        augmentation: AugmentationRecipe = AugmentationRecipe(), samplesPerImage: Int? = nil
    ) throws {
        precondition(scale.lowerBound >= 1)
        self.folder = folder
        self.inputPatchSize = inputPatchSize
        self.scale = scale
        self.augmentation = augmentation
        self.samplesPerImage = samplesPerImage
        for (file, size) in zip(folder.files, folder.sizes) {
            let least: Int
            let pixels: Int
            let reason: String
            if let inputPatchSize {
                least = Self.cropSize(inputPatchSize, scale.upperBound)
                let smallest = Self.cropSize(inputPatchSize, scale.lowerBound)
                pixels = smallest * smallest
                reason = "a crop for an input of \(inputPatchSize) at scale \(scale.upperBound)"
            } else {
                least = max(1, Int(scale.upperBound.rounded(.up)))
                let cut = Self.wholeSize(of: size, scale: scale.upperBound).truth
                pixels = cut.height * cut.width
                reason = "an input of one pixel at scale \(scale.upperBound)"
            }
            guard size.height >= least, size.width >= least else {
                throw DatasetError.tooSmall(
                    file: file, size: size, least: .init(height: least, width: least), reason: reason)
            }
            if let samplesPerImage, samplesPerImage > pixels {
                throw DatasetError.tooFewPixels(
                    requested: samplesPerImage, available: pixels, file: inputPatchSize == nil ? file : nil)
            }
        }
    }

    /// Samples of an epoch.
    public var count: Int { folder.count }

    /// One sample.
    public func sample(index: Int, epoch: Int, seed: UInt64) throws -> TrainingSample {
        let image = try folder.image(at: index)
        var generator = SampleGenerator(seed: seed, epoch: epoch, index: index)
        let scale = scale.lowerBound + (scale.upperBound - scale.lowerBound) * generator.uniform()

        let truth: TruthRegion
        let input: Image<UInt8>
        if let inputPatchSize {
            truth = crop(of: image, side: Self.cropSize(inputPatchSize, scale), &generator)
            // Cropped first: the resize must not see the crop's surroundings.
            input = truth.image.cropped(y: truth.y, x: truth.x, height: truth.height, width: truth.width)
                .resizedBicubic(height: inputPatchSize, width: inputPatchSize)
        } else {
            let pair = Self.wholePair(of: image, scale: scale)
            (input, truth) = (pair.input, TruthRegion(pair.truth))
            // At a scale between the ends, more may be cut off than at the greater end.
            let available = truth.height * truth.width
            if let samplesPerImage, samplesPerImage > available {
                throw DatasetError.tooFewPixels(
                    requested: samplesPerImage, available: available,
                    file: folder.files[folder.fileIndex(index)])
            }
        }
        return TrainingSample(
            input: input, truth: truth, augmentation: .random(augmentation, &generator),
            pointCount: samplesPerImage, generator: &generator)
    }

    /// A square of `side` pixels at random: cut out, or cut larger and reduced.
    private func crop(
        of image: Image<UInt8>, side: Int, _ generator: inout SampleGenerator
    ) -> TruthRegion {
        var cut = side
        if augmentation.greatestReduction > 1, generator.coin() {
            let factor = 1 + (augmentation.greatestReduction - 1) * generator.uniform()
            cut = min(image.height, image.width, Self.cropSize(side, factor))
        }
        let y = generator.index(below: image.height - cut + 1)
        let x = generator.index(below: image.width - cut + 1)
        guard cut > side else { return TruthRegion(image, y: y, x: x, height: side, width: side) }
        return TruthRegion(
            image.cropped(y: y, x: x, height: cut, width: cut).resizedBicubic(height: side, width: side))
    }

    /// A whole picture, cut at the right and bottom to fit the scale, and its input.
    package static func wholePair(
        of image: Image<UInt8>, scale: Double
    ) -> (input: Image<UInt8>, truth: Image<UInt8>) {
        let size = wholeSize(of: .init(height: image.height, width: image.width), scale: scale)
        let truth = image.cropped(y: 0, x: 0, height: size.truth.height, width: size.truth.width)
        return (truth.resizedBicubic(height: size.input.height, width: size.input.width), truth)
    }

    /// The release's arithmetic: floor(h / s + 1e-9) for the input, round(that · s) for the truth.
    private static func wholeSize(
        of size: DatasetError.Size, scale: Double
    ) -> (input: DatasetError.Size, truth: DatasetError.Size) {
        let height = Int((Double(size.height) / scale + 1e-9).rounded(.down))
        let width = Int((Double(size.width) / scale + 1e-9).rounded(.down))
        return (
            .init(height: height, width: width),
            .init(
                height: min(size.height, cropSize(height, scale)),
                width: min(size.width, cropSize(width, scale)))
        )
    }

    /// Python's `round(size * scale)`: halves to even, at least 1.
    private static func cropSize(_ size: Int, _ scale: Double) -> Int {
        max(1, Int((Double(size) * scale).rounded(.toNearestOrEven)))
    }
}
