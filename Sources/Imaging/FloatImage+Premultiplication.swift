extension FloatImage {
    /// Colours multiplied by their alpha, the last channel: what may be filtered without the colours of transparent
    /// pixels bleeding into their neighbours.
    ///
    /// - Precondition: there are two or four channels.
    public func premultiplied() -> FloatImage {
        mappingColours { colour, alpha in colour * alpha }
    }

    /// The inverse of `premultiplied()`, clamped to 0…1; transparent pixels become black.
    ///
    /// - Precondition: there are two or four channels.
    public func unpremultiplied() -> FloatImage {
        mappingColours { colour, alpha in alpha > 0 ? min(max(colour / alpha, 0), 1) : 0 }
    }

    private func mappingColours(_ transform: (_ colour: Float, _ alpha: Float) -> Float) -> FloatImage {
        precondition(channels == 2 || channels == 4, "there is no alpha")
        var result = self
        result.values.withUnsafeMutableBufferPointer { values in
            for pixel in stride(from: 0, to: values.count, by: channels) {
                let alpha = values[pixel + channels - 1]
                for i in pixel..<pixel + channels - 1 { values[i] = transform(values[i], alpha) }
            }
        }
        return result
    }
}
