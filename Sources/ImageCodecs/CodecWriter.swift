import CImageCodecs

/// A library's open writer of one file, closed with the object.
final class CodecWriter {
    /// Nil once it is closed.
    private(set) var pointer: OpaquePointer?
    private let path: String

    /// - Parameters:
    ///   - path: The name that errors say.
    ///   - open: Opens the library's writer.
    init(path: String, open: (inout codec_failure) -> OpaquePointer?) throws(ImageCodecError) {
        self.path = path
        var failure = codec_failure()
        guard let opened = open(&failure) else { throw failure.writingError(path: path) }
        pointer = opened
    }

    deinit { close() }

    /// Writes one row.
    ///
    /// - Precondition: the writer is open; after an error it may only be closed.
    func writeRow(_ row: UnsafeRawPointer) throws(ImageCodecError) {
        var failure = codec_failure()
        guard codec_writer_write_row(opened, row, &failure) == CODEC_OK else {
            throw failure.writingError(path: path)
        }
    }

    /// Writes the file's end and closes the file.
    ///
    /// - Precondition: the writer is open.
    func finish() throws(ImageCodecError) {
        var failure = codec_failure()
        guard codec_writer_finish(opened, &failure) == CODEC_OK else {
            throw failure.writingError(path: path)
        }
        close()
    }

    func close() {
        codec_writer_close(pointer)
        pointer = nil
    }

    var opened: OpaquePointer {
        guard let pointer else { preconditionFailure("the file is no longer open") }
        return pointer
    }
}

extension CodecWriter {
    /// Begins a picture of a format in an open file, which the writer owns from then on, also when it fails.
    convenience init(
        _ descriptor: Int32, format: ImageFormat, info: ImageInfo, metadata: ImageMetadata,
        options: EncodingOptions,
        path: String
    ) throws(ImageCodecError) {
        var header = codec_info(info)
        let layout = options.tiff.layout(of: info, isBigEndian: metadata.exif?.isBigEndian ?? false)
        let block = CodecMetadata(metadata, format: format, isBigTIFF: layout.big != 0)
        try self.init(path: path) { failure in
            withExtendedLifetime(block) {
                var fields = block.header
                var layout = layout
                return switch format {
                case .png:
                    codec_png_writer_open(
                        descriptor, &header, Int32(options.pngCompression), &fields, &failure)
                case .jpeg:
                    codec_jpeg_writer_open(descriptor, &header, Int32(options.jpegQuality), &fields, &failure)
                case .tiff:
                    codec_tiff_writer_open(descriptor, &header, &layout, &fields, &failure)
                case .webp:
                    codec_webp_writer_open(
                        descriptor, &header, Int32(options.webpQuality ?? -1), &fields, &failure)
                case .jpegXL:
                    codec_jxl_writer_open(
                        descriptor, &header, Int32(options.jpegXLQuality ?? -1), &fields, &failure)
                }
            }
        }
    }
}
