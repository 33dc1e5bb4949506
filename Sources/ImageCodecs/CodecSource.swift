import CImageCodecs
import Imaging

/// Reads the rows of a file of any format.
///
/// PNG of every kind: palettes and samples of 1, 2 and 4 bits are expanded to 8 bits, transparent colours to an
/// alpha channel, 16-bit samples kept; interlaced ones are decoded as a whole. JPEG: grey, RGB and CMYK, as
/// libjpeg-turbo's defaults decode it: accurate integer transform, smooth chroma up-sampling. TIFF, classic and big, in
/// strips or tiles: grey, RGB, palettes and CMYK of 1 to 16 bits, the first picture of the file, unless it is a reduced
/// copy of another. Of an animated PNG the picture that programs show which know no animations. WebP and JPEG XL, lossy
/// and lossless, not animated, decoded as a whole. Data that end early or are damaged are errors, not grey areas.
final class CodecSource: RowSource {
    let info: ImageInfo
    let format: ImageFormat
    let metadata: ImageMetadata
    let holdsMorePictures: Bool
    private(set) var rowsRead = 0
    private let path: String
    private let reader: OpaquePointer
    private let conversion: ColorConversion?
    /// A row as the file has it, where it is converted.
    private var stored: [UInt8]

    /// Reads the header and refuses pictures of more than `pixelLimit` pixels.
    init(_ file: InputFile, pixelLimit: Int, inSRGB: Bool) throws(ImageCodecError) {
        // Before the library, which owns the descriptor from then on.
        let chunks = file.format == .png ? PNGMetadataChunks(descriptor: file.descriptor) : nil
        let structure = file.format == .tiff ? TIFFStructure(descriptor: file.descriptor) : nil
        let directories = structure.flatMap { ExifDirectories($0) }
        holdsMorePictures = chunks?.isAnimated ?? structure?.holdsMorePictures ?? false
        var header = codec_info()
        var failure = codec_failure()
        let opened =
            switch file.format {
            case .png: codec_png_reader_open(file.descriptor, &header, &failure)
            case .jpeg: codec_jpeg_reader_open(file.descriptor, &header, &failure)
            case .tiff: codec_tiff_reader_open(file.descriptor, &header, &failure)
            case .webp: codec_webp_reader_open(file.descriptor, &header, &failure)
            case .jpegXL: codec_jxl_reader_open(file.descriptor, &header, &failure)
            }
        guard let reader = opened else { throw failure.readingError(path: file.path, format: file.format) }
        do throws(ImageCodecError) {
            info = try ImageInfo(header, path: file.path, pixelLimit: pixelLimit)
        } catch {
            codec_reader_close(reader)
            throw error
        }
        let isCMYK = header.cmyk != 0
        var metadata = ImageMetadata(
            codec_reader_metadata(reader).pointee, info: info, isCMYK: isCMYK, extra: chunks,
            directories: directories)
        conversion =
            isCMYK || (inSRGB && !metadata.color.isSRGB)
            ? ColorConversion(from: metadata.color, pixels: header) : nil
        if conversion != nil || inSRGB { metadata.color = .sRGB }
        stored =
            conversion == nil
            ? []
            : [UInt8](repeating: 0, count: info.width * Int(header.channels * header.bits_per_sample / 8))
        self.metadata = metadata
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
            guard readRow(into: buffer.baseAddress! + row * info.rowSize, &failure) == CODEC_OK else {
                let progress = "after \(rowsRead) of \(info.height) rows"
                throw failure.readingError(path: path, format: format, progress: progress)
            }
            rowsRead += 1
        }
    }

    private func readRow(into target: UnsafeMutableRawPointer, _ failure: inout codec_failure) -> codec_status
    {
        guard let conversion else { return codec_reader_read_row(reader, target, &failure) }
        return stored.withUnsafeMutableBytes { stored in
            let status = codec_reader_read_row(reader, stored.baseAddress!, &failure)
            if status == CODEC_OK { conversion.apply(stored.baseAddress!, to: target, count: info.width) }
            return status
        }
    }
}
