extension SafetensorsFile {
    /// Reads a file and checks all of it.
    /// - Throws: `TensorFileError.unreadable`, or `.malformedSafetensors` with what is wrong.
    package init(readingFrom path: String) throws {
        try self.init(reading: FileBytes(path: path))
    }

    /// Reads a file that lies in memory, such as one embedded in the binary; only the tensors are copied.
    /// - Parameter name: What error messages call it.
    /// - Throws: `TensorFileError.malformedSafetensors` with what is wrong.
    package init(bytes: UnsafeRawBufferPointer, named name: String) throws {
        try self.init(reading: MemoryBytes(name: name, memory: bytes))
    }

    private init(reading source: some ByteSource) throws {
        let (header, length) = try SafetensorsHeader.read(from: source)
        self.init(metadata: header.metadata)
        for entry in header.entries {
            let elements = try StoredTensor.Elements(
                reading: source, at: 8 + length + entry.range.lowerBound, count: entry.shape.reduce(1, *),
                type: entry.elementType)
            self[stored: entry.name] = StoredTensor(
                elementType: entry.elementType, shape: entry.shape, elements: elements)
        }
    }
}

extension SafetensorsHeader {
    /// Reads the header and checks it against the size of the file.
    /// - Returns: The header, and its length in bytes.
    /// - Throws: `TensorFileError.unreadable`, or `.malformedSafetensors` with what is wrong.
    static func read(from source: some ByteSource) throws -> (header: SafetensorsHeader, length: Int) {
        func failure(_ reason: String) -> TensorFileError {
            .malformedSafetensors(file: source.name, reason: reason)
        }
        guard source.count >= 8 else {
            throw failure("it has \(source.count) bytes, fewer than the 8 of the header's length")
        }
        let declared = try source.bytes(0..<8).withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))
        }
        guard declared <= UInt64(source.count - 8) else {
            throw failure("its header claims \(declared) bytes, but only \(source.count - 8) follow")
        }
        let length = Int(declared)
        guard length <= SafetensorsHeader.maximumLength else {
            throw failure(
                "its header claims \(length) bytes; at most \(SafetensorsHeader.maximumLength) are read")
        }
        do {
            let header = try source.bytes(8..<8 + length).withUnsafeBytes {
                try SafetensorsHeader(json: $0, dataCount: source.count - 8 - length)
            }
            return (header, length)
        } catch let problem as JSONScanner.Failure {
            throw failure(problem.reason)
        }
    }
}
