/// The kinds of file that hold tensors, told apart by their first bytes, never by their names.
package enum TensorFileFormat: Sendable, Equatable {
    case safetensors
    /// What `torch.save` writes, today's zip archive or the format before.
    case torchCheckpoint
    /// An ONNX file, which the module ONNXFiles reads.
    case onnx

    /// - Throws: `TensorFileError.unreadable`, or `.unsupported` for a file of none of these kinds.
    package init(detecting path: String) throws {
        let start = try Self.firstBytes(of: FileBytes(path: path))
        guard let format = Self(firstBytes: start) else {
            throw TensorFileError.unsupported(
                file: path, what: Self.description(of: start),
                remedy:
                    "a model is a .safetensors file, a .pth as torch.save writes it, or an .onnx of liif convert"
            )
        }
        self = format
    }

    /// As many bytes as tell the kinds apart, fewer of a shorter file.
    static func firstBytes(of source: some ByteSource) throws -> [UInt8] {
        try source.bytes(0..<min(source.count, 32))
    }

    /// Nil for a file of none of these kinds. A bare pickle counts as a checkpoint.
    init?(firstBytes start: [UInt8]) {
        if start.count > 8, start[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else if start.starts(with: Self.zipMagic) || start.first == Opcode.proto.rawValue {
            self = .torchCheckpoint
        } else if start.count > 2, start[0] == 0x08, start[2] == 0x12 {
            // Fields 1 and 2 of the message: the version of the format, and who made the file.
            self = .onnx
        } else {
            return nil
        }
    }

    /// The first bytes of a zip archive's first entry.
    static let zipMagic: [UInt8] = [0x50, 0x4B, 3, 4]

    /// What a file of none of these kinds is called in an error.
    static func description(of firstBytes: [UInt8]) -> String {
        let shown = firstBytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return shown.isEmpty
            ? "an empty file" : "a file that begins with the bytes \(shown.joined(separator: " "))"
    }
}
