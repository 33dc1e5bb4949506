import CImageCodecs

/// How a picture is compressed; each format reads what concerns it. Beginning a file with a number outside its range traps.
public struct EncodingOptions: Sendable, Equatable {
    /// libjpeg's quality, 1…100.
    public var jpegQuality: Int
    /// zlib's effort, 0…9; the picture is the same at each.
    public var pngCompression: Int
    /// libwebp's quality, 0…100, or nil for lossless.
    public var webpQuality: Int?
    /// JPEG XL's quality on JPEG's scale, 1…100, 90 where differences begin to be seen; nil for lossless.
    public var jpegXLQuality: Int?
    /// How TIFF files are laid out.
    public var tiff: TIFFOptions

    /// Quality 95 for JPEG and 90 for WebP and JPEG XL, the usual effort for PNG, TIFF in strips of deflate.
    public init(
        jpegQuality: Int = 95, pngCompression: Int = 6, webpQuality: Int? = 90,
        jpegXLQuality: Int? = 90, tiff: TIFFOptions = TIFFOptions()
    ) {
        self.jpegQuality = jpegQuality
        self.pngCompression = pngCompression
        self.webpQuality = webpQuality
        self.jpegXLQuality = jpegXLQuality
        self.tiff = tiff
    }

    var areInRange: Bool {
        (0...9).contains(pngCompression) && (1...100).contains(jpegQuality)
            && (0...100).contains(webpQuality ?? 0) && (1...100).contains(jpegXLQuality ?? 1)
            && tiff.isInRange
    }
}

/// How a TIFF file is laid out. All compressions are lossless.
public struct TIFFOptions: Sendable, Equatable {
    /// What compresses strips or tiles.
    public enum Compression: Sendable, Equatable {
        /// Samples as they are.
        case none
        /// Lempel, Ziv and Welch's, which the oldest readers know.
        case lzw
        /// zlib's effort, 1…9.
        case deflate(level: Int = 6)
        /// zstd's effort, 1…19; younger readers only.
        case zstd(level: Int = 9)
    }

    /// Which kind of header.
    public enum Container: Sendable, Equatable {
        /// Classic, or BigTIFF where the file may come near 4 GiB.
        case automatic
        /// Classic; a picture that may not fit is refused.
        case classic
        /// BigTIFF, whatever the size.
        case big
    }

    /// What compresses strips or tiles.
    public var compression: Compression
    /// Pixels of a tile's side, a multiple of 16 from 16 to 4096; nil for strips.
    public var tileSize: Int?
    /// Which kind of header.
    public var container: Container

    /// Strips of deflate, with BigTIFF where needed.
    public init(
        compression: Compression = .deflate(), tileSize: Int? = nil, container: Container = .automatic
    ) {
        self.compression = compression
        self.tileSize = tileSize
        self.container = container
    }

    var isInRange: Bool {
        let side = tileSize ?? 16
        guard side % 16 == 0, (16...4096).contains(side) else { return false }
        return switch compression {
        case .none, .lzw: true
        case .deflate(let level): (1...9).contains(level)
        case .zstd(let level): (1...19).contains(level)
        }
    }

    /// TIFF's number of the compression.
    var compressionNumber: Int32 {
        switch compression {
        case .none: 1
        case .lzw: 5
        case .deflate: 8
        case .zstd: 50000
        }
    }

    /// Bytes that a file of this picture has at most, roughly: what a compression adds to data it cannot compress,
    /// the tiles beyond the picture's borders, places and sizes of the tiles, metadata.
    func largestSize(of info: ImageInfo) -> Double {
        let side = Double(tileSize ?? 1)
        func whole(_ extent: Int) -> Double { (Double(extent) / side).rounded(.up) * side }
        let pixels = whole(info.width) * whole(info.height)
        let pieces = tileSize == nil ? Double(info.height) : pixels / (side * side)
        let growth = compression == .none ? 1 : compression == .lzw ? 1.5 : 1.01
        return pixels * Double(info.channels * info.bitsPerSample / 8) * growth + pieces * 100 + 64e6
    }

    /// What fits a classic file for sure.
    static let classicLimit = 4_294_967_296.0

    func layout(of info: ImageInfo, isBigEndian: Bool) -> codec_tiff_layout {
        var level = 0
        if case .deflate(let value) = compression { level = value }
        if case .zstd(let value) = compression { level = value }
        let isBig =
            container == .big || (container == .automatic && largestSize(of: info) > Self.classicLimit)
        return codec_tiff_layout(
            compression: compressionNumber, level: Int32(level), tile: UInt32(tileSize ?? 0),
            big: isBig ? 1 : 0,
            big_endian: isBigEndian ? 1 : 0)
    }
}
