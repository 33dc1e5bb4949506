import CImageCodecs

/// Writes JPEG files of 8 bits, grey or RGB, baseline, with chroma in full resolution (4:4:4).
final class JPEGSink: RowSink {
    let info: ImageInfo
    private(set) var rowsWritten = 0
    private let file: OutputFile
    /// Nil once the file is finished or given up.
    private var writer: OpaquePointer?

    /// Creates the temporary file and writes the header.
    ///
    /// - Precondition: `quality` is in 1...100.
    init(path: String, info: ImageInfo, quality: Int) throws(ImageCodecError) {
        precondition((1...100).contains(quality), "quality is 1...100")
        try Self.check(info, path: path)
        self.info = info
        file = try OutputFile(path: path)
        var header = codec_info(info)
        var failure = codec_failure()
        writer = codec_jpeg_writer_open(file.descriptor, &header, Int32(quality), &failure)
        guard writer != nil else {
            file.discard()
            throw failure.writingError(path: path)
        }
    }

    deinit { cancel() }

    func writeRows(_ buffer: UnsafeRawBufferPointer) throws(ImageCodecError) {
        guard let writer else { preconditionFailure("the file is no longer open") }
        let (count, rest) = buffer.count.quotientAndRemainder(dividingBy: info.rowSize)
        precondition(rest == 0, "the buffer does not hold whole rows")
        precondition(rowsWritten + count <= info.height, "more rows than the picture has")
        for row in 0..<count {
            var failure = codec_failure()
            let source = buffer.baseAddress! + row * info.rowSize
            guard codec_jpeg_writer_write_row(writer, source, &failure) == CODEC_OK else {
                cancel()
                throw failure.writingError(path: file.path)
            }
            rowsWritten += 1
        }
    }

    func finish() throws(ImageCodecError) {
        guard let writer else { preconditionFailure("the file is no longer open") }
        precondition(rowsWritten == info.height, "the picture is not complete")
        var failure = codec_failure()
        guard codec_jpeg_writer_finish(writer, &failure) == CODEC_OK else {
            cancel()
            throw failure.writingError(path: file.path)
        }
        close()
        try file.commit()
    }

    func cancel() {
        close()
        file.discard()
    }

    private func close() {
        codec_jpeg_writer_close(writer)
        writer = nil
    }

    /// What libjpeg cannot write: its limit is a little below the format's 65535.
    private static func check(_ info: ImageInfo, path: String) throws(ImageCodecError) {
        let limit = 65500
        if info.width > limit || info.height > limit {
            let detail = "\(info.width)×\(info.height) pixels, and a side may have at most \(limit)"
            throw .exceedsFormat(path: path, format: .jpeg, detail: detail)
        }
        if info.channels == 2 || info.channels == 4 {
            throw .exceedsFormat(path: path, format: .jpeg, detail: "it holds no transparency")
        }
        if info.bitsPerSample != 8 {
            throw .exceedsFormat(path: path, format: .jpeg, detail: "its samples have 8 bits, not 16")
        }
    }
}
