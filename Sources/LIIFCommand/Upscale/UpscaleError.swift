/// Why a picture is not up-scaled, beside the errors of the library.
enum UpscaleError: Error, CustomStringConvertible {
    case regionOutside(file: String, region: String, width: Int, height: Int)
    case outputIsInput(output: String, input: String)
    case sameOutput(output: String, inputs: [String])
    case changedWhileRead(file: String)
    case featuresOfOneTurn(file: String)
    case nameNotUTF8(file: String)
    /// Perhaps but for files of formats that are not read.
    case noPictures(folder: String, unread: String?)
    case noMatch(pattern: String)
    case foldersAlone(pattern: String)
    case unreadableFolder(folder: String, reason: String)
    case unwritableFolder(folder: String, reason: String)
    case unwritableStandardOutput(reason: String)
    case unreadableStandardInput(reason: String)

    var description: String {
        switch self {
        case .regionOutside(let file, let region, let width, let height):
            return "--region \(region) is not inside \(file), which has \(width)×\(height) pixels."
        case .outputIsInput(let output, let input):
            return output == input
                ? "\(output) is the input itself; choose another name for the output."
                : "\(output) is the input \(input) itself; choose another name for the output."
        case .sameOutput(let output, let inputs):
            return
                "\(inputs.joined(separator: " and ")) would all be written to \(output); give another --name, "
                + "or their folder with --recursive."
        case .changedWhileRead(let file):
            return
                "\(file) was changed while it was being read; nothing was written. Try again when it is complete."
        case .featuresOfOneTurn(let file):
            return
                "\(file) holds the features of the upright picture alone; give --self-ensemble the picture itself."
        case .nameNotUTF8(let file):
            return "\(file): its name is not UTF-8, and other names are not read; rename it."
        case .noPictures(let folder, let unread):
            let others = unread.map { " that are read, but \($0)" } ?? ""
            return "\(folder) holds no pictures\(others); its subfolders are searched with --recursive."
        case .noMatch(let pattern):
            return "\(pattern): no file has such a name."
        case .foldersAlone(let pattern):
            return "\(pattern): only folders have such names; they are searched with --recursive."
        case .unreadableFolder(let folder, let reason):
            return "The folder \(folder) cannot be read: \(reason)."
        case .unwritableFolder(let folder, let reason):
            return "The folder \(folder) cannot be made: \(reason)."
        case .unwritableStandardOutput(let reason):
            return "The standard output cannot be written: \(reason)."
        case .unreadableStandardInput(let reason):
            return "The standard input cannot be read: \(reason)."
        }
    }
}
