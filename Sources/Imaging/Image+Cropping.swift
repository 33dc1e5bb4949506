extension Image {
    /// The rectangle whose top-left pixel is (`y`, `x`).
    ///
    /// - Precondition: the rectangle has at least one pixel and lies within the picture.
    @inlinable
    public func cropped(y: Int, x: Int, height newHeight: Int, width newWidth: Int) -> Image {
        precondition(newHeight > 0 && newWidth > 0, "a picture has at least one pixel")
        precondition(
            y >= 0 && y <= height - newHeight && x >= 0 && x <= width - newWidth,
            "the crop leaves the picture")
        guard newHeight != height || newWidth != width else { return self }
        let rowLength = newWidth * channels
        let cropped = [Sample](unsafeUninitializedCapacity: newHeight * rowLength) { target, count in
            samples.withUnsafeBufferPointer { source in
                for row in 0..<newHeight {
                    let start = source.baseAddress! + ((y + row) * width + x) * channels
                    (target.baseAddress! + row * rowLength).initialize(from: start, count: rowLength)
                }
            }
            count = newHeight * rowLength
        }
        return Image(width: newWidth, height: newHeight, channels: channels, samples: cropped)
    }

    /// The largest top-left part whose height and width are multiples of `factor`: what the evaluation protocols
    /// do to a ground truth before they shrink it.
    ///
    /// - Precondition: `factor` is positive and at most the smaller extent.
    @inlinable
    public func croppedToMultiple(of factor: Int) -> Image {
        precondition(factor > 0)
        return cropped(y: 0, x: 0, height: height / factor * factor, width: width / factor * factor)
    }
}
