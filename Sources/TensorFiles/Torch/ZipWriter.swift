/// Writes a zip archive of stored entries as `torch.save` lays it out: every entry's bytes begin at a multiple of
/// 64, so that a reader can map them into memory (APPNOTE 6.3, §4.3).
///
/// No clock is read: the same entries give the same bytes.
package struct ZipWriter {
    /// Sizes and places have 32 bits; larger archives would need the zip64 records.
    static let maximumSize = Int(UInt32.max)

    private static let alignment = 64
    /// 1 January 1980, the earliest date of the format.
    private static let date: UInt16 = 0x0021

    private let write: (UnsafeRawBufferPointer) throws -> Void
    private var directory: [UInt8] = []
    private var count = 0
    private var position = 0

    /// - Parameter write: Receives the archive's bytes from the first to the last.
    package init(_ write: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.write = write }

    /// Appends an entry.
    /// - Precondition: the archive stays below `maximumSize`; no other entry has this name.
    package mutating func add(_ name: String, _ bytes: UnsafeRawBufferPointer) throws {
        var checksum = CRC32()
        checksum.update(bytes)
        let name = Array(name.utf8)
        let start = position
        // The padding is an extra field of its own, which needs 4 bytes for its kind and length.
        let headerSize = 30 + name.count + 4
        let padding = (Self.alignment - (start + headerSize) % Self.alignment) % Self.alignment
        precondition(start + headerSize + padding + bytes.count < Self.maximumSize)
        // Version 2.0, names in UTF-8, stored.
        let common =
            littleEndian(UInt16(20)) + littleEndian(UInt16(0x0800)) + littleEndian(UInt16(0))
            + littleEndian(UInt16(0)) + littleEndian(Self.date) + littleEndian(checksum.value)
            + littleEndian(UInt32(bytes.count)) + littleEndian(UInt32(bytes.count))
            + littleEndian(UInt16(name.count))
        let extra =
            Array("FB".utf8) + littleEndian(UInt16(padding))
            + [UInt8](repeating: UInt8(ascii: "Z"), count: padding)
        try append(
            littleEndian(UInt32(0x0403_4B50)) + common + littleEndian(UInt16(extra.count)) + name + extra)
        try write(bytes)
        position += bytes.count
        directory += littleEndian(UInt32(0x0201_4B50)) + littleEndian(UInt16(20)) + common
        // No extra field and no comment; first disk; no attributes.
        directory += [UInt8](repeating: 0, count: 12) + littleEndian(UInt32(start)) + name
        count += 1
    }

    /// Appends a small entry.
    package mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try add(name, $0) }
    }

    /// Appends the directory; nothing may follow.
    package mutating func finish() throws {
        let size = directory.count, start = position
        try append(
            directory + littleEndian(UInt32(0x0605_4B50)) + littleEndian(UInt32(0))
                + littleEndian(UInt16(count)) + littleEndian(UInt16(count)) + littleEndian(UInt32(size))
                + littleEndian(UInt32(start)) + littleEndian(UInt16(0)))
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
        position += bytes.count
    }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
