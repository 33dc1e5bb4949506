import Foundation
import LIIF
import ONNXFiles
import TensorFiles

extension ModelReference {
    /// The model, whatever kind of file it is in.
    func read() throws -> LIIFModel {
        switch self {
        case .embedded: try LIIFModel.default()
        case .file(let path):
            try TensorFileFormat(detecting: path) == .onnx
                ? LIIFModel(onnx: path) : LIIFModel(contentsOf: path)
        }
    }

    /// Bytes of the file.
    var byteCount: Int {
        switch self {
        case .embedded: LIIFModel.defaultFile.count
        case .file(let path): (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        }
    }
}
