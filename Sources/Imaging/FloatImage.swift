/// A picture in floating point, 0 black and 1 full intensity: rows from the top, pixels from the left, channels
/// interleaved. Values may leave [0, 1]; rounding to integers clamps them.
public struct FloatImage: Sendable, Equatable {
    /// Extent in pixels; at least 1.
    public let height: Int
    /// Extent in pixels; at least 1.
    public let width: Int
    /// Values per pixel, 1…4, as in `Image`.
    public let channels: Int
    /// All values, [height, width, channels].
    public var values: [Float]

    /// - Precondition: the extents are positive and `values` fills them exactly.
    public init(height: Int, width: Int, channels: Int, values: [Float]) {
        precondition(width > 0 && height > 0 && (1...4).contains(channels))
        precondition(values.count == width * height * channels)
        self.height = height
        self.width = width
        self.channels = channels
        self.values = values
    }

    /// Samples divided by the largest sample, 255 or 65535, in single precision (as torchvision's `ToTensor`).
    @inlinable
    public init<Sample: ImageSample>(_ image: Image<Sample>) {
        let largest = Float(Int32(truncatingIfNeeded: Sample.max))
        self.init(
            height: image.height, width: image.width, channels: image.channels,
            values: image.samples.map { Float(Int32(truncatingIfNeeded: $0)) / largest })
    }

    /// Values clamped to [0, 1] and rounded to the nearest sample, halves up; NaN becomes 0.
    @inlinable
    public func rounded<Sample: ImageSample>(to type: Sample.Type = UInt8.self) -> Image<Sample> {
        Image(width: width, height: height, channels: channels, samples: values.map(Sample.init(unitValue:)))
    }
}

extension ImageSample {
    /// The sample nearest to `value`, where 0 is 0 and 1 the largest sample; halves up; clamped; NaN becomes 0.
    @inlinable
    public init(unitValue value: Float) {
        let clamped = value > 0 ? Swift.min(value, 1) : 0
        let largest = Float(Int32(truncatingIfNeeded: Self.max))
        self.init(truncatingIfNeeded: Int32(clamped * largest + 0.5))
    }
}
