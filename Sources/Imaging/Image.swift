/// The type of one sample of a stored picture: 8 or 16 bits.
public protocol ImageSample: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}
extension UInt8: ImageSample {}
extension UInt16: ImageSample {}

/// A picture as files hold it: rows from the top, pixels from the left, channels interleaved.
///
/// Channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Alpha is straight, not premultiplied.
public struct Image<Sample: ImageSample>: Sendable, Equatable {
    /// Extent in pixels; at least 1.
    public let width: Int
    /// Extent in pixels; at least 1.
    public let height: Int
    /// Samples per pixel, 1…4.
    public let channels: Int
    /// All samples, [height, width, channels].
    public var samples: [Sample]

    /// - Precondition: the extents are positive and `samples` fills them exactly.
    @inlinable
    public init(width: Int, height: Int, channels: Int, samples: [Sample]) {
        precondition(width > 0 && height > 0 && (1...4).contains(channels))
        precondition(samples.count == width * height * channels)
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
    }

    /// A picture of one colour.
    @inlinable
    public init(width: Int, height: Int, channels: Int, repeating value: Sample = 0) {
        self.init(
            width: width, height: height, channels: channels,
            samples: [Sample](repeating: value, count: width * height * channels))
    }

    /// One sample.
    @inlinable
    public subscript(y: Int, x: Int, channel: Int) -> Sample {
        get { samples[(y * width + x) * channels + channel] }
        set { samples[(y * width + x) * channels + channel] = newValue }
    }
}
