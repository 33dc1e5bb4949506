import CImageCodecs

extension ImageInfo {
    /// A decoded header; of inks, what they are converted to.
    init(_ header: codec_info, path: String, pixelLimit: Int) throws(ImageCodecError) {
        let (width, height) = (Int(header.width), Int(header.height))
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows && pixels <= pixelLimit else {
            throw .tooManyPixels(path: path, width: width, height: height, limit: pixelLimit)
        }
        self.init(
            width: width, height: height, channels: Int(header.channels) - (header.cmyk != 0 ? 1 : 0),
            bitsPerSample: Int(header.bits_per_sample))
    }
}

extension codec_info {
    init(_ info: ImageInfo) {
        self.init(
            width: UInt32(info.width), height: UInt32(info.height), channels: UInt32(info.channels),
            bits_per_sample: UInt32(info.bitsPerSample), cmyk: 0)
    }
}
