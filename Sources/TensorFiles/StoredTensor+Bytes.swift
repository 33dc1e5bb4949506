extension StoredTensor.Elements {
    /// Reads `count` little-endian elements that lie one after the other.
    /// - Precondition: they lie inside the source.
    init(reading source: some ByteSource, at offset: Int, count: Int, type: ElementType) throws {
        if type == .float32 {
            // Straight into place: the bulk of every model.
            let values = try [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                try source.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
                initializedCount = count
            }
            self = .floats(values)
            return
        }
        let bytes = try source.bytes(offset..<offset + count * type.byteCount)
        self = bytes.withUnsafeBytes { bytes in
            func floats<T: BitwiseCopyable>(_: T.Type, _ convert: (T) -> Float) -> Self {
                .floats(
                    [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                        for i in 0..<count {
                            buffer.initializeElement(
                                at: i,
                                to: convert(
                                    bytes.loadUnaligned(fromByteOffset: i * type.byteCount, as: T.self)))
                        }
                        initializedCount = count
                    })
            }
            func integers<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> Self {
                .integers(
                    (0..<count).map {
                        Int(
                            T(
                                littleEndian: bytes.loadUnaligned(
                                    fromByteOffset: $0 * type.byteCount, as: T.self)))
                    })
            }
            return switch type {
            case .float64: floats(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
            case .float32: floats(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
            case .float16: floats(UInt16.self) { HalfPrecision.float(bits: UInt16(littleEndian: $0)) }
            case .bfloat16: floats(UInt16.self) { BrainFloat.float(bits: UInt16(littleEndian: $0)) }
            case .int64: integers(Int64.self)
            case .int32: integers(Int32.self)
            case .int16: integers(Int16.self)
            case .int8: integers(Int8.self)
            case .uint8: integers(UInt8.self)
            case .bool: .integers(bytes.map { $0 == 0 ? 0 : 1 })
            }
        }
    }
}

extension StoredTensor {
    /// Calls `body` with the elements as the file holds them, little-endian.
    func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch (elements, elementType) {
        case (.floats(let values), .float32): try values.withUnsafeBytes(body)
        case (.floats(let values), .float64):
            try values.map { Double($0).bitPattern.littleEndian }.withUnsafeBytes(body)
        case (.floats(let values), .float16):
            try values.map { HalfPrecision.bits($0).littleEndian }.withUnsafeBytes(body)
        case (.floats(let values), _):
            try values.map { BrainFloat.bits($0).littleEndian }.withUnsafeBytes(body)
        case (.integers(let values), .int64):
            try values.map { Int64($0).littleEndian }.withUnsafeBytes(body)
        case (.integers(let values), .int32):
            try values.map { Int32($0).littleEndian }.withUnsafeBytes(body)
        case (.integers(let values), .int16):
            try values.map { Int16($0).littleEndian }.withUnsafeBytes(body)
        case (.integers(let values), .int8): try values.map { Int8($0) }.withUnsafeBytes(body)
        case (.integers(let values), _): try values.map { UInt8($0) }.withUnsafeBytes(body)
        }
    }
}
