import CImageCodecs

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A tiled TIFF file that can be gone on with after its writer was killed; see `ResumableTIFF`.
///
/// Unlike other sinks it leaves its partial file behind when it is cancelled or meets an error: that is what the next
/// run goes on with. `ResumableTIFF.discard(at:)` removes it.
public final class ResumableTIFFSink: RowSink {
    /// What the file is to hold.
    public let info: ImageInfo
    /// Rows written so far, those of earlier runs with them.
    public private(set) var rowsWritten = 0
    private let file: PartialFile
    private let writer: CodecWriter
    private var journal: ResumableJournal
    private let tileSize: Int
    private var isOpen = true

    init(
        path: String, info: ImageInfo, metadata: ImageMetadata, options: TIFFOptions, job: [String: String]
    ) throws(ImageCodecError) {
        precondition(options.isInRange, "an option leaves its range")
        try ImageFormat.tiff.check(info, options: EncodingOptions(tiff: options), path: path)
        let tileSize = options.tileSize ?? 256
        let metadata = metadata.fitted(to: info)
        let layout = options.layout(of: info, isBigEndian: metadata.exif?.isBigEndian ?? false)
        let block = CodecMetadata(metadata, format: .tiff, isBigTIFF: layout.big != 0)
        let file = try PartialFile(path: path)
        var job = job
        job["size"] = "\(info.width)x\(info.height), \(info.channels) channels of \(info.bitsPerSample) bits"
        job["layout"] =
            "compression \(layout.compression):\(layout.level), tile \(layout.tile), big \(layout.big)"
        job["metadata"] = block.digest
        let found = try file.readJournal()
        if let found {
            let differences = found.differences(from: job)
            guard differences.isEmpty else {
                throw .differentJob(path: path, partial: file.names.partial, differences: differences)
            }
        }

        writer = try CodecWriter(path: path) { failure in
            var (header, layout, fields) = (codec_info(info), layout, block.header)
            return withExtendedLifetime(block) {
                codec_tiff_writer_open(dup(file.descriptor), &header, &layout, &fields, &failure)
            }
        }
        self.info = info
        self.file = file
        self.tileSize = tileSize
        journal = ResumableJournal(job: job, start: codec_tiff_writer_end(writer.opened))
        if let found, found.start == journal.start {
            journal.rows = file.wholeRows(of: found, tilesAcross: tilesAcross)
        }
        try takeUp()
    }

    private var tilesAcross: Int { (info.width + tileSize - 1) / tileSize }

    /// Accounts for the rows of earlier runs, and cuts off what does not count, of the journal too.
    private func takeUp() throws(ImageCodecError) {
        try file.cut(at: journal.rows.last?.end ?? journal.start)
        let sizes = journal.rows.flatMap(\.sizes)
        var failure = codec_failure()
        guard codec_tiff_writer_resume(writer.opened, sizes, UInt32(sizes.count), &failure) == CODEC_OK else {
            throw failure.writingError(path: file.path)
        }
        rowsWritten = min(journal.rows.count * tileSize, info.height)
        let lines = journal.rows.indices.map { journal.line(ofRow: $0) }
        try file.write(journal.header + lines.joined())
    }

    deinit { cancel() }

    /// Writes the next rows; where they complete a row of tiles, it is on the disk when this returns.
    public func writeRows(_ buffer: UnsafeRawBufferPointer) throws(ImageCodecError) {
        precondition(isOpen, "the file is no longer open")
        let (count, rest) = buffer.count.quotientAndRemainder(dividingBy: info.rowSize)
        precondition(rest == 0, "the buffer does not hold whole rows")
        precondition(rowsWritten + count <= info.height, "more rows than the picture has")
        for row in 0..<count {
            do throws(ImageCodecError) {
                try writer.writeRow(buffer.baseAddress! + row * info.rowSize)
                rowsWritten += 1
                if rowsWritten % tileSize == 0 || rowsWritten == info.height { try record() }
            } catch {
                cancel()
                throw error
            }
        }
    }

    /// Notes the row of tiles that is complete.
    private func record() throws(ImageCodecError) {
        let across = tilesAcross
        var sizes = [UInt64](repeating: 0, count: across)
        codec_tiff_writer_tile_sizes(
            writer.opened, UInt32(journal.rows.count * across), UInt32(across), &sizes)
        let end = codec_tiff_writer_end(writer.opened)
        let checksum = try file.checksum(of: (journal.rows.last?.end ?? journal.start)..<end)
        journal.rows.append(ResumableJournal.Row(end: end, checksum: checksum, sizes: sizes))
        try file.append(journal.line(ofRow: journal.rows.count - 1))
    }

    /// Completes the file, moves it to its name, replacing what was there, and removes the journal.
    public func finish() throws(ImageCodecError) {
        precondition(isOpen, "the file is no longer open")
        precondition(rowsWritten == info.height, "the picture is not complete")
        isOpen = false
        do throws(ImageCodecError) {
            try writer.finish()
        } catch {
            writer.close()
            throw error
        }
        try file.commit()
    }

    /// Closes the file and keeps what is written, to be gone on with.
    public func cancel() {
        isOpen = false
        writer.close()
    }
}
