/// How a picture is compressed; each format reads what concerns it.
public struct EncodingOptions: Sendable, Equatable {
    /// libjpeg's quality, 1…100.
    public var jpegQuality: Int
    /// zlib's effort, 0…9; the picture is the same at each.
    public var pngCompression: Int

    /// Quality 95 and the usual effort.
    public init(jpegQuality: Int = 95, pngCompression: Int = 6) {
        self.jpegQuality = jpegQuality
        self.pngCompression = pngCompression
    }
}
