import CImageCodecs
import Files
public import Imaging

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Image where Sample == UInt8 {
    /// The picture as a file of a format, in memory, without metadata.
    ///
    /// - Precondition: the options are in their ranges.
    /// - Throws: `ImageCodecError` for a picture that the format cannot hold, and where the system has no room for the file.
    public func encoded(
        as format: ImageFormat, options: EncodingOptions = EncodingOptions()
    ) throws(ImageCodecError) -> [UInt8] {
        precondition(options.areInRange, "an option leaves its range")
        let name = "the picture"
        let info = ImageInfo(width: width, height: height, channels: channels)
        try format.check(info, options: options, path: name)
        let file = codec_anonymous_file()
        guard file >= 0 else { throw .unwritable(path: name, reason: systemReason(errno)) }
        defer { close(file) }
        // The writer closes its own.
        let descriptor = dup(file)
        guard descriptor >= 0 else { throw .unwritable(path: name, reason: systemReason(errno)) }
        let writer = try CodecWriter(
            descriptor, format: format, info: info, metadata: ImageMetadata(), options: options, path: name)
        let written = samples.withUnsafeBytes { bytes -> Result<Void, ImageCodecError> in
            do throws(ImageCodecError) {
                for y in 0..<height { try writer.writeRow(bytes.baseAddress! + y * info.rowSize) }
                return .success(try writer.finish())
            } catch {
                return .failure(error)
            }
        }
        try written.get()
        return try contents(of: file, name)
    }
}

private func contents(of file: Int32, _ name: String) throws(ImageCodecError) -> [UInt8] {
    let size = Int(lseek(file, 0, SEEK_END))
    let bytes = [UInt8](unsafeUninitializedCapacity: max(size, 0)) { buffer, count in
        count = 0
        while count < size {
            let got = pread(file, buffer.baseAddress! + count, size - count, off_t(count))
            guard got > 0 else { break }
            count += got
        }
    }
    guard size >= 0, bytes.count == size else { throw .unwritable(path: name, reason: systemReason(errno)) }
    return bytes
}
