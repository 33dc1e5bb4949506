import Files
import Foundation
import ImageCodecs
import Imaging
public import LIIFTraining

/// Original pictures to measure on at any whole scale, with their low-resolution versions where the set supplies them.
public struct EvaluationSet: Sendable {
    /// The protocol, whatever the scale.
    public enum Style: String, Sendable, CaseIterable {
        /// Set5, Set14, B100, Urban100: luma, a border of the scale.
        case benchmark
        /// DIV2K: RGB, a border of the scale + 6.
        case divided2K = "div2k"
        /// Faces: RGB, no border.
        case faces

        /// The protocol at a scale.
        public func evaluationProtocol(scale: Int) -> EvaluationProtocol {
            switch self {
            case .benchmark: .benchmark(scale: scale)
            case .divided2K: .divided2K(scale: scale)
            case .faces: .faces
            }
        }
    }

    /// As tables name it.
    public let name: String
    /// How it is measured.
    public let style: Style
    /// The originals.
    public let originals: ImageFolder
    /// The folder with `X2`, `X3`, `X4`; nil when the set supplies none.
    public let inputRoot: String?

    /// Opens a set.
    ///
    /// Three layouts are recognised: `<Set>/HR` beside `<Set>/LR_bicubic/X<k>/<name>x<k>.png`; `<Name>_HR` beside
    /// `<Name>_LR_bicubic/X<k>/…` (DIV2K's); and a plain folder of originals.
    /// - Parameters:
    ///   - name: nil takes the folder's name.
    ///   - firstCount: takes only that many pictures.
    /// - Throws: `DatasetError`, or `ImageCodecError` for a picture that cannot be read.
    public init(path: String, name: String? = nil, style: Style, firstCount: Int? = nil) throws {
        let path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        func existing(_ folder: String) -> String? { PathName.isFolder(folder) ? folder : nil }
        let inner = existing(path + "/HR")
        originals = try ImageFolder(path: inner ?? path, firstCount: firstCount)
        if inner != nil {
            inputRoot = existing(path + "/LR_bicubic")
        } else if path.hasSuffix("_HR") {
            inputRoot = existing(path.dropLast(3) + "_LR_bicubic")
        } else {
            inputRoot = nil
        }
        self.name = name ?? PathName.fileName(of: path)
        self.style = style
    }

    /// Where the low-resolution pictures of a scale come from.
    public enum InputOrigin: Sendable, Equatable {
        /// The set's own, in this folder.
        case supplied(String)
        /// MATLAB's `imresize`, made here: what ×2, ×3 and ×4 are published with, for sets that supply none.
        case matlab
        /// Pillow's bicubic, made here: every other scale.
        case pillow
    }

    /// Where the low-resolution pictures of a scale come from.
    public func inputOrigin(scale: Int) -> InputOrigin {
        guard (2...4).contains(scale) else { return .pillow }
        return inputRoot.map { .supplied("\($0)/X\(scale)") } ?? .matlab
    }

    /// The set's pictures at one scale.
    ///
    /// - Throws: `EvaluationError` for pictures that do not fit the scale, supplied inputs among them; `ImageCodecError` for an
    ///   input that cannot be read.
    package func task(scale: Int) throws -> EvaluationTask {
        let evaluationProtocol = style.evaluationProtocol(scale: scale)
        let names = pictureNames(originals.files)
        for (file, size) in zip(originals.files, originals.sizes) {
            let (height, width) = (size.height / scale * scale, size.width / scale * scale)
            guard height > 0, width > 0, evaluationProtocol.measures(height: height, width: width) else {
                throw EvaluationError.tooSmall(
                    file: file, size: size, border: evaluationProtocol.border, scale: "×\(scale)")
            }
        }
        let inputs = originals.files.compactMap { suppliedInput(of: $0, scale: scale) }
        for (index, input) in inputs.enumerated() {
            guard FileManager.default.fileExists(atPath: input) else {
                throw EvaluationError.missingInput(expected: input, original: originals.files[index])
            }
            let info = try ImageFile.source(at: input, upright: false).info
            try check(
                input, .init(height: info.height, width: info.width), fits: originals.files[index],
                originals.sizes[index], scale: scale)
        }
        return EvaluationTask(
            set: name, scale: "×\(scale)", evaluationProtocol: evaluationProtocol,
            files: originals.files + inputs, count: originals.count
        ) { index in
            let (input, truth) = try pair(index, scale: scale)
            return EvaluationPair(
                name: names[index], file: originals.files[index], input: input, truth: truth)
        }
    }

    /// The set's own low-resolution version of an original; nil where it is made.
    private func suppliedInput(of file: String, scale: Int) -> String? {
        guard case .supplied(let folder) = inputOrigin(scale: scale) else { return nil }
        return "\(folder)/\(PathName.stem(of: file))x\(scale).png"
    }

    private func pair(_ index: Int, scale: Int) throws -> (input: Image<UInt8>, truth: Image<UInt8>) {
        let original = try originals.image(at: index)
        let file = originals.files[index]
        let truth = original.croppedToMultiple(of: scale)
        let (height, width) = (truth.height / scale, truth.width / scale)
        guard let path = suppliedInput(of: file, scale: scale) else {
            let isPillows = inputOrigin(scale: scale) == .pillow
            return (
                isPillows
                    ? truth.resizedBicubic(height: height, width: width)
                    : truth.resizedLikeMATLAB(height: height, width: width), truth
            )
        }
        let input = try Image<UInt8>.read(from: path, upright: false, inSRGB: false).rgb()
        try check(
            path, .init(height: input.height, width: input.width), fits: file,
            .init(height: original.height, width: original.width), scale: scale)
        return (
            input,
            original.cropped(y: 0, x: 0, height: input.height * scale, width: input.width * scale)
        )
    }

    /// - Throws: `EvaluationError.unfitting` for a supplied input that is not its original reduced by the scale.
    private func check(
        _ input: String, _ size: DatasetError.Size, fits original: String, _ originalSize: DatasetError.Size,
        scale: Int
    ) throws {
        guard originalSize.height / size.height == scale, originalSize.width / size.width == scale else {
            throw EvaluationError.unfitting(
                input: input, inputSize: size, original: original, originalSize: originalSize, scale: scale)
        }
    }
}
