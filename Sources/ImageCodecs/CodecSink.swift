import CImageCodecs

/// Writes the rows of a file of any format: PNG of 8 or 16 bits, not interlaced; JPEG of 8 bits, grey or RGB,
/// baseline, with chroma in full resolution (4:4:4).
final class CodecSink: RowSink {
    let info: ImageInfo
    private(set) var rowsWritten = 0
    private let file: OutputFile
    /// Nil once the file is finished or given up.
    private var writer: OpaquePointer?

    /// Creates the temporary file and writes the header.
    ///
    /// - Precondition: the options are in their ranges.
    init(
        path: String, format: ImageFormat, info: ImageInfo, options: EncodingOptions
    ) throws(ImageCodecError) {
        precondition((0...9).contains(options.pngCompression) && (1...100).contains(options.jpegQuality))
        try format.check(info, path: path)
        self.info = info
        file = try OutputFile(path: path)
        var failure = codec_failure()
        writer = format.openWriter(file.descriptor, info, options, &failure)
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
            guard codec_writer_write_row(writer, source, &failure) == CODEC_OK else {
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
        guard codec_writer_finish(writer, &failure) == CODEC_OK else {
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
        codec_writer_close(writer)
        writer = nil
    }
}

extension ImageFormat {
    /// Begins a picture in an open file, which the writer owns from then on, also when it is nil.
    func openWriter(
        _ descriptor: Int32, _ info: ImageInfo, _ options: EncodingOptions, _ failure: inout codec_failure
    ) -> OpaquePointer? {
        var header = codec_info(info)
        return switch self {
        case .png: codec_png_writer_open(descriptor, &header, Int32(options.pngCompression), &failure)
        case .jpeg: codec_jpeg_writer_open(descriptor, &header, Int32(options.jpegQuality), &failure)
        }
    }
}
