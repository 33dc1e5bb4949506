import Imaging
import LIIFTraining
import RecipeFormat

extension EvaluationRecipe {
    /// The pictures that a recipe in the released schema describes.
    ///
    /// - Parameters:
    ///   - name: the set's name in tables.
    ///   - root: the folder that relative paths start from; nil for the current one.
    /// - Throws: `RecipeError.unsupported` for crops, random scales and drawn points, which training knows; else what
    ///   the folders say.
    package func task(name: String, root: String? = nil) throws -> EvaluationTask {
        func unsupported(_ reason: String) -> RecipeError {
            .unsupported(.init(file: file, keyPath: "test_dataset.wrapper"), reason: reason)
        }
        let inputs: ImageFolder?
        let originals: ImageFolder
        let pair: @Sendable (Int) throws -> (input: Image<UInt8>, truth: Image<UInt8>)
        let scale: String
        let samples = try dataset.open(root: root)
        switch samples {
        case let samples as DownsampledSamples:
            guard samples.inputPatchSize == nil, samples.samplesPerImage == nil,
                samples.augmentation == AugmentationRecipe()
            else {
                throw unsupported(
                    "evaluation takes whole pictures: leave out inp_size, sample_q and what varies crops")
            }
            let factor = samples.scale.lowerBound
            guard factor == samples.scale.upperBound else {
                throw unsupported("evaluation takes one scale: leave out scale_max, or make it scale_min")
            }
            scale = "×\(factor == factor.rounded() ? "\(Int(factor))" : "\(factor)")"
            (inputs, originals) = (nil, samples.folder)
            pair = { index in
                DownsampledSamples.wholePair(of: try samples.folder.image(at: index), scale: factor)
            }
        case let samples as PairedSamples:
            guard samples.inputPatchSize == nil, samples.samplesPerImage == nil, !samples.augments else {
                throw unsupported("evaluation takes whole pictures: leave out inp_size, augment and sample_q")
            }
            let scales = Set(try samples.folders.scales())
            scale = scales.count == 1 ? "×\(scales.first!)" : "mixed"
            (inputs, originals) = (samples.folders.inputs, samples.folders.truths)
            pair = { try samples.wholePair(at: $0) }
        case let samples as UniformlyVariedSamples:
            let size = samples.size.lowerBound
            guard samples.size.upperBound == size, samples.truthSize == nil, samples.samplesPerImage == nil,
                !samples.augments
            else {
                throw unsupported(
                    "evaluation takes whole pictures of one size: make size_max size_min, and leave out gt_resize, "
                        + "augment and sample_q")
            }
            scale = "to \(size)"
            if case .paired(let folders) = samples.source { inputs = folders.inputs } else { inputs = nil }
            originals = samples.originals
            pair = { try samples.wholePair(at: $0) }
        default:
            throw unsupported("evaluation takes none but the released wrappers")
        }
        let names = pictureNames(originals.files)
        return EvaluationTask(
            set: name, scale: scale, evaluationProtocol: evaluationProtocol,
            files: originals.files + (inputs?.files ?? []), count: samples.count
        ) { index in
            let (file, images) = (originals.fileIndex(index), try pair(index))
            return EvaluationPair(
                name: names[file], file: originals.files[file], input: images.input, truth: images.truth)
        }
    }
}
