/// Opens picture files for reading and writing, whatever their format.
public enum ImageFile {
    /// Pixels that a file may announce unless the caller says otherwise: 16384 × 16384, 805 MB as 8-bit RGB.
    public static let defaultPixelLimit = 1 << 28

    /// Opens a picture and reads its header; the format is recognised by the file's first bytes.
    ///
    /// - Parameter pixelLimit: A header that announces more pixels is refused before memory is reserved for them.
    public static func source(
        at path: String, pixelLimit: Int = defaultPixelLimit
    ) throws(ImageCodecError) -> any RowSource {
        try CodecSource(InputFile(path: path), pixelLimit: pixelLimit)
    }

    /// Begins a picture; the extension of its name decides the format. A folder that cannot be written, an unknown
    /// extension and a picture that the format cannot hold are errors here, before any row.
    public static func sink(
        at path: String, info: ImageInfo, options: EncodingOptions = EncodingOptions()
    ) throws(ImageCodecError) -> any RowSink {
        guard let format = ImageFormat(pathExtension: path) else { throw .unknownExtension(path: path) }
        return try CodecSink(path: path, format: format, info: info, options: options)
    }

    /// Removes the hidden files of all sinks of this process that are not finished. For a program that is about to
    /// exit before they could clean up, on an interrupt for instance; finishing such a sink afterwards throws.
    public static func removeUnfinishedOutputs() { OutputFile.discardAll() }
}
