extension FloatImage {
    /// Some of the columns, all rows.
    ///
    /// - Precondition: the range is not empty and lies within the picture.
    public func cropped(columns: Range<Int>) -> FloatImage {
        precondition(
            !columns.isEmpty && columns.lowerBound >= 0 && columns.upperBound <= width,
            "the crop leaves the picture")
        guard columns.count != width else { return self }
        let length = columns.count * channels
        let cropped = [Float](unsafeUninitializedCapacity: height * length) { target, count in
            values.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    (target.baseAddress! + row * length).initialize(
                        from: source.baseAddress! + (row * width + columns.lowerBound) * channels,
                        count: length)
                }
            }
            count = height * length
        }
        return FloatImage(height: height, width: columns.count, channels: channels, values: cropped)
    }

    /// Some of the rows, whole.
    ///
    /// - Precondition: the range is not empty and lies within the picture.
    public func cropped(rows: Range<Int>) -> FloatImage {
        precondition(
            !rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= height, "the crop leaves the picture")
        guard rows.count != height else { return self }
        let length = width * channels
        return FloatImage(
            height: rows.count, width: width, channels: channels,
            values: Array(values[(rows.lowerBound * length)..<(rows.upperBound * length)]))
    }
}
