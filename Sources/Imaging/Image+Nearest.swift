extension Image {
    /// A part of the picture with each new pixel the one that its centre falls into.
    ///
    /// - Precondition: the box lies inside the picture, and both extents are positive.
    public func resizedNearest(_ box: Region, height newHeight: Int, width newWidth: Int) -> Image {
        precondition(newHeight > 0 && newWidth > 0, "a picture has at least one pixel")
        precondition(box.isInside(height: height, width: width), "the box is not inside the picture")
        func positions(_ start: Double, _ extent: Double, _ count: Int, _ limit: Int) -> [Int] {
            (0..<count).map { min(limit - 1, Int(start + (Double($0) + 0.5) * extent / Double(count))) }
        }
        let rows = positions(box.y, box.height, newHeight, height)
        let columns = positions(box.x, box.width, newWidth, width)
        var result: [Sample] = []
        result.reserveCapacity(newHeight * newWidth * channels)
        samples.withUnsafeBufferPointer { source in
            for y in rows {
                for x in columns {
                    let pixel = (y * width + x) * channels
                    for channel in 0..<channels { result.append(source[pixel + channel]) }
                }
            }
        }
        return Image(width: newWidth, height: newHeight, channels: channels, samples: result)
    }
}
