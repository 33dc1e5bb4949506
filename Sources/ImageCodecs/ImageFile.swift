import Files
import Imaging

/// Opens picture files for reading and writing, whatever their format.
public enum ImageFile {
    /// Pixels that a file may announce unless the caller says otherwise: 16384 × 16384, 805 MB as 8-bit RGB.
    public static let defaultPixelLimit = 1 << 28

    /// Opens a picture and reads its header; the format is recognised by the file's first bytes.
    ///
    /// - Parameters:
    ///   - path: The file's name.
    ///   - pixelLimit: A header that announces more pixels is refused before memory is reserved for them.
    ///   - upright: Whether the rows come as the picture is to be seen, by the orientation that EXIF or TIFF tells,
    ///     or as they are stored.
    ///   - inSRGB: Whether colours are converted to sRGB where the file has a profile of others. CMYK always is. Without it
    ///     the source's metadata bring the profile, which is to go to the output with the rest of them.
    public static func source(
        at path: String, pixelLimit: Int = defaultPixelLimit, upright: Bool = true, inSRGB: Bool = false
    ) throws(ImageCodecError) -> any RowSource {
        let source = try CodecSource(InputFile(path: path), pixelLimit: pixelLimit, inSRGB: inSRGB)
        return upright && source.metadata.orientation != .up ? OrientedSource(source) : source
    }

    /// Begins a picture; the extension of its name decides the format. A folder that cannot be written, an unknown
    /// extension and a picture that the format cannot hold are errors here, before any row.
    ///
    /// - Parameters:
    ///   - path: The file's name.
    ///   - info: What the rows will be.
    ///   - metadata: What the file is to hold beside the rows: a source's metadata, or none.
    ///   - options: How the picture is compressed.
    public static func sink(
        at path: String, info: ImageInfo, metadata: ImageMetadata = ImageMetadata(),
        options: EncodingOptions = EncodingOptions()
    ) throws(ImageCodecError) -> any RowSink {
        guard let format = ImageFormat(pathExtension: path) else { throw .unknownExtension(path: path) }
        return try CodecSink(path: path, format: format, info: info, metadata: metadata, options: options)
    }

    /// Gives up all files that this process has begun and not finished. For a program that is about to exit before
    /// they could clean up, on an interrupt for instance; finishing such a sink afterwards throws.
    ///
    /// - Parameter next: Runs before any other sink can be begun: a program ends itself here.
    public static func removeUnfinishedOutputs(andThen next: () -> Void = {}) {
        AtomicFile.removeUnfinished(andThen: next)
    }
}
