import ImageCodecs

/// What is wrong with a folder of pictures.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
    /// Height and width in pixels.
    public struct Size: Sendable, Equatable, CustomStringConvertible {
        /// Pixels from top to bottom.
        public var height: Int
        /// Pixels from left to right.
        public var width: Int

        /// Pixels, height first.
        public init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }

        /// Width first, as pictures' sizes are spoken of.
        public var description: String { "\(width)×\(height)" }
    }

    /// There is no folder at the path.
    case missingFolder(path: String)
    /// A file, or something else, stands where a folder should.
    case notAFolder(path: String)
    /// The folder's names cannot be read.
    case unreadableFolder(path: String, reason: String)
    /// The folder holds no picture.
    case noPictures(path: String)
    /// The file that lists the pictures cannot be used.
    case unusableSplit(path: String, reason: String)
    /// A picture's extent is no longer what it was when its folder was opened.
    case changed(file: String, from: Size, to: Size)
    /// A picture is too small for what is cut from it.
    case tooSmall(file: String, size: Size, least: Size, reason: String)
    /// More samples are asked for than the smallest crop has pixels.
    case tooFewPixels(requested: Int, available: Int, file: String?)
    /// Two folders that should correspond hold different numbers of pictures.
    case unequalCounts(first: String, firstCount: Int, second: String, secondCount: Int)
    /// A low-resolution picture and its original are not a whole scale apart.
    case unequalScales(input: String, inputSize: Size, truth: String, truthSize: Size)

    /// One sentence that names the file or folder and what would be right.
    public var description: String {
        switch self {
        case .missingFolder(let path):
            return "\(path): there is no such folder; expected a folder of pictures."
        case .notAFolder(let path):
            return "\(path) is not a folder; expected a folder of pictures."
        case .unreadableFolder(let path, let reason):
            return "\(path): the folder cannot be read: \(reason)."
        case .noPictures(let path):
            return "\(path): the folder holds no picture; expected files whose names end in "
                + "\(ImageFormat.listOfExtensions)."
        case .unusableSplit(let path, let reason):
            return "\(path): \(reason); expected JSON such as {\"train\": [\"a.png\", \"b.png\"]}."
        case .changed(let file, let former, let size):
            return "\(file) is \(size) pixels and was \(former) when its folder was opened; "
                + "expected pictures that stay as they are while they are used."
        case .tooSmall(let file, let size, let least, let reason):
            return "\(file) is \(size) pixels, too small: \(reason) needs at least \(least)."
        case .tooFewPixels(let requested, let available, let file):
            let place = file.map { "\($0): " } ?? ""
            return "\(place)sample_q is \(requested), but the smallest crop has only \(available) pixels; "
                + "use at most that, or a greater inp_size or scale_min."
        case .unequalCounts(let first, let firstCount, let second, let secondCount):
            return "\(first) holds \(firstCount) pictures and \(second) \(secondCount); paired folders "
                + "hold the same number, in the same order of names."
        case .unequalScales(let input, let inputSize, let truth, let truthSize):
            return "\(input) is \(inputSize) pixels and \(truth) \(truthSize); expected the second to be a "
                + "whole number of times the first in both directions (a remainder is cropped)."
        }
    }
}
