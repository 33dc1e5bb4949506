/// The kinds of file that hold tensors, told apart by their first bytes, never by their names.
package enum TensorFileFormat: Sendable, Equatable {
    case safetensors
    /// What `torch.save` writes, today's zip archive or the format before.
    case torchCheckpoint
    /// An ONNX file, which the module ONNXFiles reads.
    case onnx

    /// - Throws: `TensorFileError.unreadable`, or `.unsupported` for a file of neither kind.
    package init(detecting path: String) throws {
        let source = try FileBytes(path: path)
        let start = try source.bytes(0..<min(source.count, 16))
        if start.count > 8, start[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else if start.starts(with: [0x50, 0x4B, 3, 4]) || start.first == Opcode.proto.rawValue {
            self = .torchCheckpoint
        } else if start.count > 2, start[0] == 0x08, start[2] == 0x12 {
            // Fields 1 and 2 of the message: the version of the format, and who made the file.
            self = .onnx
        } else {
            let shown = start.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            throw TensorFileError.unsupported(
                file: path,
                what: start.isEmpty
                    ? "an empty file" : "a file that begins with the bytes \(shown.joined(separator: " "))",
                remedy:
                    "a model is a .safetensors file, a .pth as torch.save writes it, or an .onnx of liif convert"
            )
        }
    }
}
