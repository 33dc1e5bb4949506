extension Image {
    /// The same picture with samples of another depth: 16 to 8 bits is value · 255 / 65535, rounded to nearest;
    /// 8 to 16 is exact.
    @inlinable
    public init<Other: ImageSample>(depthOf image: Image<Other>) {
        let samples: [Sample]
        if Sample.bitWidth == Other.bitWidth {
            samples = image.samples.map { Sample(truncatingIfNeeded: $0) }
        } else if Sample.bitWidth == 8 {
            samples = image.samples.map { Sample((UInt32($0) + 128) / 257) }
        } else {
            samples = image.samples.map { Sample($0) * 257 }
        }
        self.init(width: image.width, height: image.height, channels: image.channels, samples: samples)
    }
}
