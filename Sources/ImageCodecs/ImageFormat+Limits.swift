import CImageCodecs

extension ImageFormat {
    /// Whether the format has a place for an alpha channel.
    public var holdsTransparency: Bool { self != .jpeg }

    /// The depth at which a picture of `depth` bits is best written.
    public func bitsPerSample(for depth: Int) -> Int { self == .jpeg || self == .webp ? 8 : depth }

    /// Refuses what the format, or the library that writes it, cannot hold, and names a format that can.
    /// `ImageFile.sink` does so before it creates anything; a program may ask earlier.
    public func check(
        _ info: ImageInfo, options: EncodingOptions = EncodingOptions(), path: String
    ) throws(ImageCodecError) {
        guard let problem = problem(with: info, options: options) else { return }
        let others = Self.allCases.filter { $0.problem(with: info, options: EncodingOptions()) == nil }
        let advice = others.isEmpty ? "" : "; \(ImageFormat.list(others.map(\.rawValue))) can hold it"
        throw .exceedsFormat(path: path, format: self, detail: problem + advice)
    }

    /// What is in the way, or nil.
    private func problem(with info: ImageInfo, options: EncodingOptions) -> String? {
        // libjpeg's limit is a little below its format's 65535. TIFF has no limit but libtiff's: rows of 2 GiB.
        let limit =
            switch self {
            case .png: Int(Int32.max)
            case .jpeg: 65500
            case .webp: 16383
            case .jpegXL: 1 << 18  // of level 5, as the next
            case .tiff: Int(Int32.max) / (info.channels * info.bitsPerSample / 8)
            }
        if info.width > limit || info.height > (self == .tiff ? Int(Int32.max) : limit) {
            return "\(info.width)×\(info.height) pixels, and a side may have at most \(limit)"
        }
        if self == .jpegXL, info.width * info.height > 1 << 28 {
            return "\(info.width)×\(info.height) pixels, more than 268 megapixels"
        }
        if !holdsTransparency && info.channels % 2 == 0 { return "it holds no transparency" }
        if info.bitsPerSample > bitsPerSample(for: info.bitsPerSample) {
            return "its samples have 8 bits, not \(info.bitsPerSample)"
        }
        guard self == .tiff else { return nil }
        if options.tiff.container == .classic, options.tiff.largestSize(of: info) > TIFFOptions.classicLimit {
            return "a classic file ends at 4 GiB, and this one may be larger; BigTIFF has no such limit"
        }
        if codec_tiff_can_compress(options.tiff.compressionNumber) == 0 {
            return "this libtiff was built without that compression; deflate is always there"
        }
        return nil
    }
}
