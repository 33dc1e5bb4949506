import CImageCodecs

/// Reads the rows of a file of any format.
///
/// PNG of every kind: palettes and samples of 1, 2 and 4 bits are expanded to 8 bits, transparent colours to an
/// alpha channel, 16-bit samples kept; interlaced ones are decoded as a whole. JPEG, grey and RGB, as
/// libjpeg-turbo's defaults decode it: accurate integer transform, smooth chroma up-sampling. Data that end early or
/// are damaged are errors, not grey areas.
final class CodecSource: RowSource {
    let info: ImageInfo
    let format: ImageFormat
    private(set) var rowsRead = 0
    private let path: String
    private let reader: OpaquePointer

    /// Reads the header and refuses pictures of more than `pixelLimit` pixels.
    init(_ file: InputFile, pixelLimit: Int) throws(ImageCodecError) {
        var header = codec_info()
        var failure = codec_failure()
        let opened =
            switch file.format {
            case .png: codec_png_reader_open(file.descriptor, &header, &failure)
            case .jpeg: codec_jpeg_reader_open(file.descriptor, &header, &failure)
            }
        guard let reader = opened else { throw failure.readingError(path: file.path, format: file.format) }
        do throws(ImageCodecError) {
            info = try ImageInfo(header, path: file.path, pixelLimit: pixelLimit)
        } catch {
            codec_reader_close(reader)
            throw error
        }
        self.reader = reader
        path = file.path
        format = file.format
    }

    deinit { codec_reader_close(reader) }

    func readRows(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ImageCodecError) {
        precondition(count >= 0 && count <= rowsLeft, "the picture has no more rows")
        precondition(buffer.count >= count * info.rowSize, "the buffer is too small")
        for row in 0..<count {
            var failure = codec_failure()
            let target = buffer.baseAddress! + row * info.rowSize
            guard codec_reader_read_row(reader, target, &failure) == CODEC_OK else {
                let progress = "after \(rowsRead) of \(info.height) rows"
                throw failure.readingError(path: path, format: format, progress: progress)
            }
            rowsRead += 1
        }
    }
}
