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
