import CImageCodecs
public import Imaging

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Image where Sample == UInt8 {
    /// The picture as a file of a format, in memory.
    ///
    /// - Throws: `ImageCodecError` for a picture that the format cannot hold.
    public func encoded(
        as format: ImageFormat, options: EncodingOptions = EncodingOptions()
    ) throws(ImageCodecError) -> [UInt8] {
        let name = "the picture"
        let info = ImageInfo(width: width, height: height, channels: channels)
        try format.check(info, path: name)
        let file = codec_anonymous_file()
        guard file >= 0 else { throw .unwritable(path: name, reason: systemMessage(errno)) }
        defer { close(file) }
        var failure = codec_failure()
        let descriptor = dup(file)
        guard descriptor >= 0 else { throw .unwritable(path: name, reason: systemMessage(errno)) }
        guard let writer = format.openWriter(descriptor, info, options, &failure) else {
            throw failure.writingError(path: name)
        }
        let isWritten = samples.withUnsafeBytes { samples in
            (0..<height).allSatisfy {
                codec_writer_write_row(writer, samples.baseAddress! + $0 * info.rowSize, &failure) == CODEC_OK
            } && codec_writer_finish(writer, &failure) == CODEC_OK
        }
        codec_writer_close(writer)
        guard isWritten else { throw failure.writingError(path: name) }
        let size = Int(lseek(file, 0, SEEK_END))
        let bytes = [UInt8](unsafeUninitializedCapacity: max(size, 0)) { buffer, count in
            count = 0
            while count < size {
                let got = pread(file, buffer.baseAddress! + count, size - count, off_t(count))
                guard got > 0 else { break }
                count += got
            }
        }
        guard size >= 0, bytes.count == size else { throw .unwritable(path: name, reason: systemMessage(errno)) }
        return bytes
    }
}
