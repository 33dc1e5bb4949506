import LIIF
import LIIFEvaluation
import LIIFTraining
import ONNXFiles
import RecipeFormat
import TensorFiles
import Tensors

/// The parsers, by name.
enum Target: String, CaseIterable {
    /// A safetensors file.
    case safetensors
    /// A `.pth` file: the zip archive, its pickle and its tensors, and the model in it.
    case torch
    /// The pickle of a `.pth` alone, inside an archive that is sound.
    case pickle
    /// An ONNX file, and the model that its metadata describes.
    case onnx
    /// A recipe of training or evaluation, as YAML.
    case recipe

    /// Reads the bytes as a user's file would be read, as far as the parser goes.
    func parse(_ bytes: UnsafeRawBufferPointer) {
        do {
            switch self {
            case .safetensors: try parseSafetensors(bytes)
            case .torch: try parseTorch(bytes)
            case .pickle: try parsePickle(Array(bytes))
            case .onnx: _ = try LIIFModel(onnx: Array(bytes), named: "input")
            case .recipe: try parseRecipe(String(decoding: bytes, as: UTF8.self))
            }
        } catch is TensorFileError, is ModelFileError, is ONNXFileError, is RecipeError {
            // What a user is told.
        } catch {
            fatalError("an error that is none of ours: \(error)")
        }
    }

    /// A file that is read is written as one that reads back as the same; only NaN differs from itself.
    private func parseSafetensors(_ bytes: UnsafeRawBufferPointer) throws {
        let file = try SafetensorsFile(bytes: bytes, named: "input")
        let again = try file.serialized().withUnsafeBytes { try SafetensorsFile(bytes: $0, named: "again") }
        precondition(
            again == file || file.names.contains { file[$0]?.values.contains { $0.isNaN } == true })
    }

    private func parseTorch(_ bytes: UnsafeRawBufferPointer) throws {
        _ = try LIIFModel(released: TorchCheckpoint.read(bytes: bytes, named: "input"), named: "input")
    }

    private func parsePickle(_ pickle: [UInt8]) throws {
        var archive: [UInt8] = []
        var zip = ZipWriter { archive.append(contentsOf: $0) }
        try zip.add("archive/data.pkl", pickle)
        for key in 0..<4 { try zip.add("archive/data/\(key)", [UInt8](repeating: 1, count: 16 << key)) }
        try zip.finish()
        try archive.withUnsafeBytes { bytes in
            let value = try TorchCheckpoint.read(bytes: bytes, named: "input")
            _ = try TorchCheckpoint.serialized(value)
        }
    }

    /// A mapping that is read is written as YAML and JSON that read back as the same.
    private func parseRecipe(_ text: String) throws {
        let mapping = try RecipeMapping(yaml: text, file: "input")
        for written in [mapping.yaml, mapping.json] {
            let again = try RecipeMapping(yaml: written, file: "again")
            precondition(again == mapping, written)
        }
        // Few inputs are both; an error that is no RecipeError counts in each.
        do { _ = try TrainingRecipe(mapping, file: "input") } catch is RecipeError {}
        do { _ = try EvaluationRecipe(mapping, file: "input") } catch is RecipeError {}
        _ = try ModelConfiguration(RecipeSection(mapping, at: .init(file: "input")))
    }
}
