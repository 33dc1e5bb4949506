import Files

/// Why a picture file could not be read or written. Each names the file.
public enum ImageCodecError: Error, Equatable, Sendable {
    /// There is no file at `path`.
    case fileNotFound(path: String)
    /// `path` is a directory, a device or a pipe.
    case notARegularFile(path: String)
    /// The operating system refuses to open or read the file.
    case unreadable(path: String, reason: String)
    /// The file does not begin like any format that is read; `found` names what it begins like, if known.
    case notAnImage(path: String, found: String?)
    /// The file ends before the picture does.
    case truncated(path: String, format: ImageFormat, detail: String)
    /// The file contradicts its format.
    case corrupt(path: String, format: ImageFormat, detail: String)
    /// The file is valid, but uses a feature that is not read.
    case unsupported(path: String, format: ImageFormat, detail: String)
    /// The header announces more pixels than the caller allows.
    case tooManyPixels(path: String, width: Int, height: Int, limit: Int)
    /// The name of the output ends in none of the extensions that are written.
    case unknownExtension(path: String)
    /// The picture does not fit the format it is to be written in.
    case exceedsFormat(path: String, format: ImageFormat, detail: String)
    /// The operating system refuses to write the file.
    case unwritable(path: String, reason: String)
    /// Another job has begun the file that this one would go on with; `differences` names what is not the same.
    case differentJob(path: String, partial: String, differences: [String])
}

extension ImageCodecError {
    init(_ error: UnwritableFile) { self = .unwritable(path: error.path, reason: error.reason) }
}

extension ImageCodecError: CustomStringConvertible {
    /// A full sentence that begins with the file.
    public var description: String {
        switch self {
        case .fileNotFound(let path):
            "\(path): there is no such file."
        case .notARegularFile(let path):
            "\(path) is a directory, a pipe or a device, not a picture file."
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)."
        case .notAnImage(let path, let found?):
            "\(path) is \(found); pictures are read from \(ImageFormat.listOfNames) files."
        case .notAnImage(let path, nil):
            "\(path) is not a picture: it does not begin like a \(ImageFormat.listOfNames) file."
        case .truncated(let path, let format, let detail):
            "\(path) is a truncated \(format.rawValue) file: \(detail)."
        case .corrupt(let path, let format, let detail):
            "\(path) is a damaged \(format.rawValue) file: \(detail)."
        case .unsupported(let path, let format, let detail):
            "\(path) is a \(format.rawValue) file of a kind that is not read: \(detail)."
        case .tooManyPixels(let path, let width, let height, let limit):
            """
            \(path) announces \(width)×\(height) pixels, more than the limit of \(limit); \
            raise the pixel limit if the file is trusted.
            """
        case .unknownExtension(let path):
            "\(path): the output's name must end in \(ImageFormat.listOfExtensions)."
        case .exceedsFormat(let path, let format, let detail):
            "\(path) cannot be a \(format.rawValue) file: \(detail)."
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason)."
        case .differentJob(let path, let partial, let differences):
            """
            \(path) cannot be resumed: it was begun with another \(differences.joined(separator: ", ")); \
            go on as it was begun, or remove \(partial) to start again.
            """
        }
    }
}
