/// What is known of a picture before its rows.
public struct ImageInfo: Sendable, Equatable {
    /// Extent in pixels; at least 1.
    public var width: Int
    /// Extent in pixels; at least 1.
    public var height: Int
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    public var channels: Int
    /// 8 or 16.
    public var bitsPerSample: Int

    /// - Precondition: the extents are positive, there are 1…4 channels and 8 or 16 bits.
    public init(width: Int, height: Int, channels: Int, bitsPerSample: Int = 8) {
        precondition(width > 0 && height > 0 && (1...4).contains(channels))
        precondition(bitsPerSample == 8 || bitsPerSample == 16)
        self.width = width
        self.height = height
        self.channels = channels
        self.bitsPerSample = bitsPerSample
    }

    /// Bytes of one row.
    public var rowSize: Int { width * channels * (bitsPerSample / 8) }
}
