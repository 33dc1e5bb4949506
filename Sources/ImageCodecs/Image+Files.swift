public import Imaging

extension Image {
    /// Reads a whole picture; samples are converted if the file holds the other depth.
    ///
    /// A picture has no place for a profile, so its colours are sRGB's unless the caller wants them as they are stored.
    /// Those of a file without a profile are taken as sRGB and not touched, nor are those whose profile is sRGB's. Grey
    /// stays grey, with sRGB's curve. CMYK always becomes sRGB.
    ///
    /// - Parameters:
    ///   - pixelLimit: A header that announces more pixels is refused before memory is reserved for them.
    ///   - upright: Whether the picture is turned as EXIF or TIFF tells, or left as it is stored.
    ///   - inSRGB: Whether colours are converted to sRGB where the file has a profile of others, as photos of Display P3
    ///     do. False gives samples as they are stored, to compare numbers for instance.
    public static func read(
        from path: String, pixelLimit: Int = ImageFile.defaultPixelLimit, upright: Bool = true,
        inSRGB: Bool = true
    ) throws(ImageCodecError) -> Image {
        let source = try ImageFile.source(at: path, pixelLimit: pixelLimit, upright: upright, inSRGB: inSRGB)
        guard let image = try source.readRows(source.info.height, as: Sample.self) else {
            preconditionFailure("a new source has rows")
        }
        return image
    }

    /// Writes the picture under a name whose extension decides the format, replacing a file of that name. On an
    /// error nothing is left behind and an older file stays as it was.
    public func write(
        to path: String, metadata: ImageMetadata = ImageMetadata(),
        options: EncodingOptions = EncodingOptions()
    ) throws(ImageCodecError) {
        let info = ImageInfo(width: width, height: height, channels: channels, bitsPerSample: Sample.bitWidth)
        let sink = try ImageFile.sink(at: path, info: info, metadata: metadata, options: options)
        try sink.writeRows(self)
        try sink.finish()
    }
}
