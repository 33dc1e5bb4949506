extension Image {
    /// Whether there is alpha that is not full everywhere.
    public var isTransparent: Bool {
        guard hasAlpha else { return false }
        return samples.withUnsafeBufferPointer { samples in
            stride(from: channels - 1, to: samples.count, by: channels).contains { samples[$0] != .max }
        }
    }

    /// The picture whose transparent pixels have the colours of visible ones (`HiddenColourFill`): what an encoder is to be
    /// given. Without alpha it is the picture itself.
    public func fillingHiddenColours() -> Image {
        guard hasAlpha else { return self }
        let fill = HiddenColourFill(height: height, width: width, channels: channels)
        var filled: [Sample] = []
        filled.reserveCapacity(samples.count)
        for start in stride(from: 0, to: height, by: 64) {
            let strip = cropped(y: start, x: 0, height: min(64, height - start), width: width)
            if let rows = fill.push(FloatImage(strip)) { filled += rows.rounded(to: Sample.self).samples }
        }
        return Image(width: width, height: height, channels: channels, samples: filled)
    }
}
