import Files

/// What is wrong with an ONNX file that is to be read as a model.
public enum ONNXFileError: Error, Equatable, CustomStringConvertible {
    /// The file breaks the format.
    case malformed(file: String, reason: String)
    /// A model of a kind that is not written as ONNX.
    case unsupported(model: String)
    /// It is no model that this package wrote whole.
    case notOurs(file: String, found: String)

    /// A sentence that names the file, what is wrong and what would be right; what could steer a terminal is escaped.
    public var description: String { sentence.escaped }

    private var sentence: String {
        switch self {
        case .malformed(let file, let reason):
            "\(file): is not a sound ONNX file: \(reason)."
        case .unsupported(let model):
            "A \(model) model is not written as ONNX, only LIIF is; .safetensors and .pth hold every kind."
        case .notOurs(let file, let found):
            "\(file): holds \(found); of ONNX files, only a whole model that `liif convert` wrote is read."
        }
    }
}
