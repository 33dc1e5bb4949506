import CImageCodecs

/// Reads PNG files of every kind: palettes and samples of 1, 2 and 4 bits are expanded to 8 bits, transparent
/// colours to an alpha channel, 16-bit samples kept; interlaced ones are decoded as a whole.
final class PNGSource: RowSource {
    let info: ImageInfo
    let format = ImageFormat.png
    private(set) var rowsRead = 0
    private let path: String
    private let reader: OpaquePointer

    /// Reads the header and refuses pictures of more than `pixelLimit` pixels.
    init(_ file: InputFile, pixelLimit: Int) throws(ImageCodecError) {
        var header = codec_info()
        var failure = codec_failure()
        guard let reader = codec_png_reader_open(file.descriptor, &header, &failure) else {
            throw failure.readingError(path: file.path, format: .png)
        }
        do throws(ImageCodecError) {
            info = try ImageInfo(header, path: file.path, pixelLimit: pixelLimit)
        } catch {
            codec_png_reader_close(reader)
            throw error
        }
        self.reader = reader
        path = file.path
    }

    deinit { codec_png_reader_close(reader) }

    func readRows(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ImageCodecError) {
        precondition(count >= 0 && count <= rowsLeft, "the picture has no more rows")
        precondition(buffer.count >= count * info.rowSize, "the buffer is too small")
        for row in 0..<count {
            var failure = codec_failure()
            let target = buffer.baseAddress! + row * info.rowSize
            guard codec_png_reader_read_row(reader, target, &failure) == CODEC_OK else {
                let progress = "after \(rowsRead) of \(info.height) rows"
                throw failure.readingError(path: path, format: format, progress: progress)
            }
            rowsRead += 1
        }
    }
}
