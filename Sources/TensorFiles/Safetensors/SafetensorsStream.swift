/// A safetensors file whose tensors are read one by one, as they are needed, as the bytes that the file holds.
package final class SafetensorsStream: @unchecked Sendable {
    /// The file's name.
    package let path: String
    /// Free text by key.
    package let metadata: [String: String]
    // Never written after the initialiser, and reading is by position.
    private let file: FileBytes
    private let dataStart: Int
    private let entries: [String: SafetensorsHeader.Entry]

    /// Reads and checks the header.
    /// - Throws: `TensorFileError.unreadable`, or `.malformedSafetensors` with what is wrong.
    package init(path: String) throws {
        self.path = path
        file = try FileBytes(path: path)
        let (header, length) = try SafetensorsHeader.read(from: file)
        dataStart = 8 + length
        metadata = header.metadata
        entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    }

    /// Number of tensors.
    package var count: Int { entries.count }

    /// A tensor's type and shape; nil when there is none of that name.
    package func tensor(_ name: String) -> (elementType: ElementType, shape: [Int])? {
        entries[name].map { ($0.elementType, $0.shape) }
    }

    /// Reads a tensor's bytes.
    /// - Precondition: there is one of that name, and the buffer has its size.
    /// - Throws: `TensorFileError.unreadable`.
    package func read(_ name: String, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard let entry = entries[name] else { preconditionFailure("there is no tensor \(name)") }
        precondition(buffer.count == entry.range.count)
        try file.read(into: buffer, at: dataStart + entry.range.lowerBound)
    }
}
