extension Image {
    /// Mirrored left to right.
    @inlinable
    public func flippedHorizontally() -> Image {
        rearranged(height: height, width: width) { y, x in (y, width - 1 - x) }
    }

    /// Mirrored top to bottom.
    @inlinable
    public func flippedVertically() -> Image {
        rearranged(height: height, width: width) { y, x in (height - 1 - y, x) }
    }

    /// Rows and columns exchanged: mirrored at the main diagonal.
    @inlinable
    public func transposed() -> Image {
        rearranged(height: width, width: height) { y, x in (x, y) }
    }

    /// The picture as it is to be seen, if it is stored in this orientation.
    public func upright(from orientation: Orientation) -> Image {
        switch orientation {
        case .up: self
        case .mirrored: flippedHorizontally()
        case .down: flippedHorizontally().flippedVertically()
        case .downMirrored: flippedVertically()
        case .leftMirrored: transposed()
        case .right: transposed().flippedHorizontally()
        case .rightMirrored: transposed().flippedVertically().flippedHorizontally()
        case .left: transposed().flippedVertically()
        }
    }

    /// A picture that takes each pixel (y, x) from `origin(y, x)` of this one.
    @inlinable
    @inline(__always)
    func rearranged(
        height newHeight: Int, width newWidth: Int, origin: (Int, Int) -> (y: Int, x: Int)
    ) -> Image {
        let moved = [Sample](unsafeUninitializedCapacity: samples.count) { target, count in
            samples.withUnsafeBufferPointer { source in
                var next = target.baseAddress!
                for y in 0..<newHeight {
                    for x in 0..<newWidth {
                        let from = origin(y, x)
                        let pixel = source.baseAddress! + (from.y * width + from.x) * channels
                        for channel in 0..<channels { (next + channel).initialize(to: pixel[channel]) }
                        next += channels
                    }
                }
            }
            count = samples.count
        }
        return Image(width: newWidth, height: newHeight, channels: channels, samples: moved)
    }
}
