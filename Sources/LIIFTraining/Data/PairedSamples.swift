package import Imaging

/// `sr-implicit-paired`: aligned crops of a low-resolution picture and its original.
public struct PairedSamples: SampleSet {
    /// The pictures.
    public let folders: PairedImageFolders
    /// Side of the input in pixels; nil takes whole pictures.
    public let inputPatchSize: Int?
    /// Whether both are flipped and transposed at random.
    public let augments: Bool
    /// Points of each truth; nil takes all pixels in order.
    public let samplesPerImage: Int?

    private let scales: [Int]

    /// - Throws: `DatasetError.unequalScales`, `.tooSmall` for a picture smaller than a crop, and `.tooFewPixels`.
    public init(
        folders: PairedImageFolders, inputPatchSize: Int?, augments: Bool = false, samplesPerImage: Int? = nil
    ) throws {
        self.folders = folders
        self.inputPatchSize = inputPatchSize
        self.augments = augments
        self.samplesPerImage = samplesPerImage
        scales = try folders.scales()
        for (file, scale) in scales.enumerated() {
            let size = folders.inputs.sizes[file]
            let least = inputPatchSize ?? 1
            guard size.height >= least, size.width >= least else {
                throw DatasetError.tooSmall(
                    file: folders.inputs.files[file], size: size, least: .init(height: least, width: least),
                    reason: "a crop of inp_size \(least)")
            }
            let pixels = (inputPatchSize.map { $0 * $0 } ?? size.height * size.width) * scale * scale
            if let samplesPerImage, samplesPerImage > pixels {
                throw DatasetError.tooFewPixels(
                    requested: samplesPerImage, available: pixels, file: folders.truths.files[file])
            }
        }
    }

    /// Samples of an epoch.
    public var count: Int { folders.count }

    /// A whole input and its truth, cut at the right and bottom to fit the scale.
    package func wholePair(at index: Int) throws -> (input: Image<UInt8>, truth: Image<UInt8>) {
        let input = try folders.inputs.image(at: index)
        let scale = scales[folders.inputs.fileIndex(index)]
        let truth = try folders.truths.image(at: index)
            .cropped(y: 0, x: 0, height: input.height * scale, width: input.width * scale)
        return (input, truth)
    }

    /// One sample.
    public func sample(index: Int, epoch: Int, seed: UInt64) throws -> TrainingSample {
        var input = try folders.inputs.image(at: index)
        let image = try folders.truths.image(at: index)
        let scale = scales[folders.inputs.fileIndex(index)]
        var generator = SampleGenerator(seed: seed, epoch: epoch, index: index)
        var (y, x) = (0, 0)
        if let inputPatchSize {
            y = generator.index(below: input.height - inputPatchSize + 1)
            x = generator.index(below: input.width - inputPatchSize + 1)
            input = input.cropped(y: y, x: x, height: inputPatchSize, width: inputPatchSize)
        }
        let truth = TruthRegion(
            image, y: y * scale, x: x * scale, height: input.height * scale, width: input.width * scale)
        return TrainingSample(
            input: input, truth: truth,
            augmentation: .random(AugmentationRecipe(turns: augments), &generator),
            pointCount: samplesPerImage, generator: &generator)
    }
}
