import CImageCodecs

/// Reads JPEG files, grey and RGB, as libjpeg-turbo's defaults decode them: accurate integer transform, smooth chroma
/// up-sampling. Data that end early or are damaged are errors, not grey areas.
final class JPEGSource: RowSource {
    let info: ImageInfo
    let format = ImageFormat.jpeg
    private(set) var rowsRead = 0
    private let path: String
    private let reader: OpaquePointer

    /// Reads the header and refuses pictures of more than `pixelLimit` pixels.
    init(_ file: InputFile, pixelLimit: Int) throws(ImageCodecError) {
        var header = codec_info()
        var failure = codec_failure()
        guard let reader = codec_jpeg_reader_open(file.descriptor, &header, &failure) else {
            throw failure.readingError(path: file.path, format: .jpeg)
        }
        do throws(ImageCodecError) {
            info = try ImageInfo(header, path: file.path, pixelLimit: pixelLimit)
        } catch {
            codec_jpeg_reader_close(reader)
            throw error
        }
        self.reader = reader
        path = file.path
    }

    deinit { codec_jpeg_reader_close(reader) }

    func readRows(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ImageCodecError) {
        precondition(count >= 0 && count <= rowsLeft, "the picture has no more rows")
        precondition(buffer.count >= count * info.rowSize, "the buffer is too small")
        for row in 0..<count {
            var failure = codec_failure()
            let target = buffer.baseAddress! + row * info.rowSize
            guard codec_jpeg_reader_read_row(reader, target, &failure) == CODEC_OK else {
                let progress = "after \(rowsRead) of \(info.height) rows"
                throw failure.readingError(path: path, format: format, progress: progress)
            }
            rowsRead += 1
        }
    }
}
