import CImageCodecs
import Files

/// Writes the rows of a file of any format: PNG of 8 or 16 bits, not interlaced; JPEG of 8 bits, grey or RGB,
/// baseline, with chroma in full resolution (4:4:4); TIFF of 8 or 16 bits, in strips or tiles; WebP of 8 bits;
/// JPEG XL of 8 or 16 bits.
final class CodecSink: RowSink {
    let info: ImageInfo
    private(set) var rowsWritten = 0
    private let file: AtomicFile
    private let writer: CodecWriter
    /// To sRGB, where the format's library does not write the profile.
    private let conversion: ColorConversion?
    private var converted: [UInt8] = []

    /// Begins the file and writes the header.
    ///
    /// - Precondition: the options are in their ranges.
    init(
        path: String, format: ImageFormat, info: ImageInfo, metadata: ImageMetadata, options: EncodingOptions
    ) throws(ImageCodecError) {
        precondition(options.areInRange, "an option leaves its range")
        try format.check(info, options: options, path: path)
        self.info = info
        var metadata = metadata.fitted(to: info)
        let header = codec_info(info)
        conversion =
            metadata.color.isWritten(by: format, pixels: header)
            ? nil : ColorConversion(from: metadata.color, pixels: header)
        if conversion != nil {
            metadata.color = .sRGB
            converted = [UInt8](repeating: 0, count: info.rowSize)
        }
        let descriptor: CInt
        do throws(UnwritableFile) {
            file = try AtomicFile(path: path)
            descriptor = try file.duplicateDescriptor()
        } catch {
            throw ImageCodecError(error)
        }
        writer = try CodecWriter(
            descriptor, format: format, info: info, metadata: metadata, options: options, path: path)
    }

    deinit { cancel() }

    func writeRows(_ buffer: UnsafeRawBufferPointer) throws(ImageCodecError) {
        let (count, rest) = buffer.count.quotientAndRemainder(dividingBy: info.rowSize)
        precondition(rest == 0, "the buffer does not hold whole rows")
        precondition(rowsWritten + count <= info.height, "more rows than the picture has")
        for row in 0..<count {
            do throws(ImageCodecError) {
                try writeRow(buffer.baseAddress! + row * info.rowSize)
            } catch {
                cancel()
                throw error
            }
            rowsWritten += 1
        }
    }

    private func writeRow(_ row: UnsafeRawPointer) throws(ImageCodecError) {
        guard let conversion else { return try writer.writeRow(row) }
        converted.withUnsafeMutableBytes { conversion.apply(row, to: $0.baseAddress!, count: info.width) }
        let result = converted.withUnsafeBytes { bytes -> Result<Void, ImageCodecError> in
            do throws(ImageCodecError) {
                return .success(try writer.writeRow(bytes.baseAddress!))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    func finish() throws(ImageCodecError) {
        precondition(rowsWritten == info.height, "the picture is not complete")
        do throws(ImageCodecError) {
            try writer.finish()
        } catch {
            cancel()
            throw error
        }
        do throws(UnwritableFile) { try file.commit() } catch { throw ImageCodecError(error) }
    }

    func cancel() {
        writer.close()
        file.discard()
    }
}
