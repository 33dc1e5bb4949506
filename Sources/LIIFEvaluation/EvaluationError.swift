public import LIIFTraining

/// Why a set of pictures cannot be measured on. Each names the file.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
    /// Two of the sets to measure on are one folder.
    case givenTwice(String)
    /// The set comes with low-resolution pictures, but this one is absent.
    case missingInput(expected: String, original: String)
    /// A supplied low-resolution picture times the scale does not fit its original.
    case unfitting(
        input: String, inputSize: DatasetError.Size, original: String, originalSize: DatasetError.Size,
        scale: Int)
    /// The protocol's border leaves nothing of the picture, or the scale leaves no input.
    case tooSmall(file: String, size: DatasetError.Size, border: Int, scale: String)

    /// A sentence that names the files and what would be right.
    public var description: String {
        switch self {
        case .givenTwice(let path): "\(path): the set is given twice; expected each folder once."
        case .missingInput(let expected, let original):
            "\(expected): there is no such file; it should be the low-resolution picture of \(original)."
        case .unfitting(let input, let inputSize, let original, let originalSize, let scale):
            """
            \(input) is \(inputSize) pixels, \(original) \(originalSize); expected \
            \(originalSize.width / scale)×\(originalSize.height / scale) for scale \(scale).
            """
        case .tooSmall(let file, let size, let border, let scale):
            """
            \(file) is \(size) pixels, too small to measure at scale \(scale): the protocol leaves out \
            \(border) pixels at each side.
            """
        }
    }
}
