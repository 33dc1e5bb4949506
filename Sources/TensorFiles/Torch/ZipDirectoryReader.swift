import Files

/// Reads the end record, the zip64 end record and the central directory of a zip archive (APPNOTE 6.3, §4.3).
struct ZipDirectoryReader<Source: ByteSource> {
    struct Record {
        let name: String
        /// Bytes in the file.
        let size: Int
        /// How they are packed; 0 for not at all.
        let method: Int
        let checksum: UInt32
        let headerStart: Int
        var dataStart = 0
    }

    let source: Source

    /// All entries in the directory's order.
    func records() throws -> [Record] {
        let (count, range) = try directoryRange()
        var fields = LittleEndianFields(try source.bytes(range))
        var records: [Record] = []
        while let signature = fields.unsigned(4) {
            guard signature == 0x0201_4B50, let record = try record(&fields) else {
                throw failure("its central directory is malformed after \(records.count) entries")
            }
            records.append(record)
        }
        guard fields.isAtEnd, records.count == count else {
            throw failure("its central directory has \(records.count) entries and announces \(count)")
        }
        try locateData(&records, directoryStart: range.lowerBound)
        return records
    }

    /// How many entries there are, and where their records lie.
    private func directoryRange() throws -> (count: Int, Range<Int>) {
        let tailStart = max(0, source.count - 22 - 0xFFFF)
        let tail = try source.bytes(tailStart..<source.count)
        guard
            let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: { start in
                guard tail[start..<(start + 4)].elementsEqual([0x50, 0x4B, 5, 6]) else { return false }
                let commentLength = Int(tail[start + 20]) | Int(tail[start + 21]) << 8
                return start + 22 + commentLength == tail.count
            })
        else { throw failure("its archive has no end record: the file was cut off, download it again") }
        var fields = LittleEndianFields(Array(tail[(end + 4)..<(end + 20)]))
        let disks = [fields.unsigned(2), fields.unsigned(2)]
        let counts = [fields.unsigned(2), fields.unsigned(2)]
        guard disks == [0, 0], counts[0] == counts[1], let count = counts[0], let size = fields.unsigned(4),
            let start = fields.unsigned(4)
        else { throw failure("its archive spans several files") }
        if let wide = try zip64Range(endRecord: tailStart + end) { return wide }
        guard count != 0xFFFF, size != 0xFFFF_FFFF, start != 0xFFFF_FFFF else {
            throw failure("its zip64 end record is missing")
        }
        return (count, try checked(start: start, size: size, end: tailStart + end))
    }

    /// The same from the zip64 end record, nil when there is none.
    private func zip64Range(endRecord: Int) throws -> (count: Int, Range<Int>)? {
        guard endRecord >= 20 else { return nil }
        var locator = LittleEndianFields(try source.bytes(endRecord - 20..<endRecord))
        guard locator.unsigned(4) == 0x0706_4B50 else { return nil }
        _ = locator.unsigned(4)
        guard let position = locator.unsigned(8), position <= endRecord - 20 - 56 else {
            throw failure("its zip64 end record lies outside the file")
        }
        var fields = LittleEndianFields(try source.bytes(position..<position + 56))
        guard fields.unsigned(4) == 0x0606_4B50, fields.skip(8 + 2 + 2), fields.unsigned(4) == 0,
            fields.unsigned(4) == 0, let count = fields.unsigned(8), fields.unsigned(8) == count,
            let size = fields.unsigned(8), let start = fields.unsigned(8)
        else { throw failure("its zip64 end record is malformed") }
        return (count, try checked(start: start, size: size, end: position))
    }

    private func checked(start: Int, size: Int, end: Int) throws -> Range<Int> {
        guard start <= end, size == end - start else {
            throw failure(
                "its central directory of \(size) bytes at \(start) does not reach the end record at \(end)")
        }
        return start..<end
    }

    /// Reads one entry of the directory behind its signature; nil when it is cut off.
    private func record(_ fields: inout LittleEndianFields) throws -> Record? {
        guard fields.skip(4), let flags = fields.unsigned(2), let method = fields.unsigned(2), fields.skip(4),
            let checksum = fields.unsigned(4), var compressedSize = fields.unsigned(4),
            var size = fields.unsigned(4), let nameLength = fields.unsigned(2),
            let extraLength = fields.unsigned(2), let commentLength = fields.unsigned(2), fields.skip(8),
            var headerStart = fields.unsigned(4), let nameBytes = fields.bytes(nameLength),
            let extra = fields.bytes(extraLength), fields.skip(commentLength)
        else { return nil }
        let name = try checkedName(nameBytes)
        var wide = zip64Fields(extra)
        if size == 0xFFFF_FFFF { size = wide?.unsigned(8) ?? -1 }
        if compressedSize == 0xFFFF_FFFF { compressedSize = wide?.unsigned(8) ?? -1 }
        if headerStart == 0xFFFF_FFFF { headerStart = wide?.unsigned(8) ?? -1 }
        guard flags & 1 == 0 else {
            throw TensorFileError.notStored(file: source.name, name: name, how: "encrypted")
        }
        guard size >= 0, compressedSize >= 0, size == compressedSize || method != 0, headerStart >= 0 else {
            throw failure("the size or place of \"\(name.printable)\" is impossible")
        }
        return Record(
            name: name, size: compressedSize, method: method, checksum: UInt32(checksum),
            headerStart: headerStart)
    }

    private func checkedName(_ bytes: ArraySlice<UInt8>) throws -> String {
        guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty, !name.hasPrefix("/"),
            name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\\" && $0.value != 0x7F }),
            !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
        else {
            let shown = String(decoding: bytes, as: UTF8.self).printable
            throw failure("its archive has an entry with the illegal name \"\(shown)\"")
        }
        return name
    }

    /// The values of the zip64 extra field, nil when there is none.
    private func zip64Fields(_ extra: ArraySlice<UInt8>) -> LittleEndianFields? {
        var fields = LittleEndianFields(Array(extra))
        while let kind = fields.unsigned(2), let length = fields.unsigned(2), let value = fields.bytes(length)
        {
            if kind == 1 { return LittleEndianFields(Array(value)) }
        }
        return nil
    }

    /// Finds every entry's bytes behind its local header; no two entries may share bytes.
    private func locateData(_ records: inout [Record], directoryStart: Int) throws {
        var limit = directoryStart
        for i in records.indices.sorted(by: { records[$0].headerStart > records[$1].headerStart }) {
            let record = records[i]
            guard record.headerStart <= limit - 30 else {
                throw failure("\"\(record.name.printable)\" overlaps what follows it in the archive")
            }
            var fields = LittleEndianFields(try source.bytes(record.headerStart..<record.headerStart + 30))
            guard fields.unsigned(4) == 0x0403_4B50, fields.skip(4), fields.unsigned(2) == record.method,
                fields.skip(16), let nameLength = fields.unsigned(2), let extraLength = fields.unsigned(2),
                nameLength == record.name.utf8.count
            else { throw failure("the local header of \"\(record.name.printable)\" is malformed") }
            let start = record.headerStart + 30 + nameLength + extraLength
            guard start <= limit, record.size <= limit - start else {
                throw failure("\"\(record.name.printable)\" overlaps what follows it in the archive")
            }
            let name = try source.bytes(record.headerStart + 30..<record.headerStart + 30 + nameLength)
            guard name.elementsEqual(record.name.utf8) else {
                throw failure("the local header of \"\(record.name.printable)\" has another name")
            }
            records[i].dataStart = start
            limit = record.headerStart
        }
    }

    private func failure(_ reason: String) -> TensorFileError {
        .malformedCheckpoint(file: source.name, reason: reason)
    }
}

extension TensorFileError {
    /// An archive that something else than `torch.save` has packed.
    /// - Parameters:
    ///   - name: An entry.
    ///   - how: `compressed` or `encrypted`.
    static func notStored(file: String, name: String, how: String) -> TensorFileError {
        .unsupported(
            file: file, what: "an archive with \(how) entries (\"\(name.printable)\")",
            remedy: "torch.save stores them as they are, so use its file without packing it again")
    }
}

/// Unsigned numbers read one after the other; nil behind the end.
struct LittleEndianFields {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// Nil also when 8 bytes do not fit an `Int`.
    mutating func unsigned(_ count: Int) -> Int? {
        guard let bytes = bytes(count) else { return nil }
        return Int(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) -> Bool { bytes(count) != nil }
}
