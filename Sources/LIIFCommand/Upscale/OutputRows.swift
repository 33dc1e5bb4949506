import Imaging

/// The rows of an output in order, with the channels of the input.
struct OutputRows {
    /// The next rows; nil after the last.
    let next: () throws -> FloatImage?

    /// Without the first few rows, which are made and thrown away.
    func dropping(_ count: Int) -> OutputRows {
        guard count > 0 else { return self }
        var left = count
        return OutputRows {
            while let strip = try next() {
                guard left > 0 else { return strip }
                let dropped = min(left, strip.height)
                left -= dropped
                if dropped < strip.height { return strip.cropped(rows: dropped..<strip.height) }
            }
            return nil
        }
    }

    /// Without the alpha, the last channel.
    func withoutAlpha() -> OutputRows { OutputRows { try next()?.withoutAlpha() } }
}

extension FloatImage {
    /// Grey or RGB, without their alpha.
    fileprivate func withoutAlpha() -> FloatImage {
        guard channels == 2 else { return rgb() }
        let grey = stride(from: 0, to: values.count, by: 2).map { values[$0] }
        return FloatImage(height: height, width: width, channels: 1, values: grey)
    }
}
