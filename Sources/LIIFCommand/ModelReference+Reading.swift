import Files
import LIIF
import ONNXFiles
import TensorFiles

extension ModelReference {
    /// The model, whatever kind of file it is in.
    /// - Parameter isQuiet: Says nothing of which weights were taken where the file holds several.
    func read(isQuiet: Bool = false) throws -> LIIFModel {
        switch self {
        case .embedded: return try LIIFModel.default()
        case .file(let path):
            let model =
                try TensorFileFormat(detecting: path) == .onnx
                ? LIIFModel(onnx: path) : LIIFModel(contentsOf: path)
            if let note = model.readingNote, !isQuiet { say("Note: \(path.escaped): \(note).\n") }
            return model
        }
    }

    /// Bytes of the file, symbolic links followed.
    var byteCount: Int {
        switch self {
        case .embedded: LIIFModel.defaultFile.count
        case .file(let path): FileState(path).map { Int($0.size) } ?? 0
        }
    }
}
