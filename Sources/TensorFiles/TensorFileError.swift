import Files

/// What can go wrong with a file of tensors; every case names the file.
public enum TensorFileError: Error, Equatable, Sendable {
    /// The file is missing, is no regular file, or cannot be read.
    case unreadable(file: String, reason: String)
    /// The file breaks the safetensors format.
    case malformedSafetensors(file: String, reason: String)
    /// The file breaks the format of PyTorch's checkpoints: the zip archive, the pickle or a tensor.
    case malformedCheckpoint(file: String, reason: String)
    /// The file is a sound file of a kind that is not read; `remedy` says what would be right.
    case unsupported(file: String, what: String, remedy: String)
    /// The checkpoint's pickle asks for a class or function outside the short list of harmless ones.
    case forbiddenGlobal(file: String, global: String)
}

extension TensorFileError: CustomStringConvertible {
    /// A full sentence for the person who named the file; what could steer a terminal is escaped.
    public var description: String { sentence.escaped }

    private var sentence: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file): cannot be read: \(reason)."
        case .malformedSafetensors(let file, let reason):
            "\(file): is not a sound safetensors file: \(reason)."
        case .malformedCheckpoint(let file, let reason):
            "\(file): is not a sound PyTorch checkpoint: \(reason)."
        case .unsupported(let file, let what, let remedy):
            "\(file): \(what) is not read; \(remedy)."
        case .forbiddenGlobal(let file, let global):
            "\(file): refuses to run \(global): a checkpoint needs only tensors, numbers, strings, lists "
                + "and dictionaries; save one that holds nothing else."
        }
    }
}
