extension Image where Sample == UInt8 {
    /// Colours multiplied by their alpha, the last channel; products rounded to nearest.
    func premultiplied() -> Image<UInt8> {
        mappingColours { colour, alpha in
            let product = UInt32(colour) * UInt32(alpha) + 128
            return UInt8(truncatingIfNeeded: ((product >> 8) + product) >> 8)
        }
    }

    /// The inverse of `premultiplied()` as Pillow computes it: quotients truncated and clipped to 8 bits; pixels
    /// whose alpha is 0 or 255 keep their colours.
    func unpremultiplied() -> Image<UInt8> {
        mappingColours { colour, alpha in
            alpha == 0 || alpha == 255 ? colour : UInt8(min(255, 255 * UInt32(colour) / UInt32(alpha)))
        }
    }

    private func mappingColours(_ transform: (_ colour: UInt8, _ alpha: UInt8) -> UInt8) -> Image<UInt8> {
        var result = self
        result.samples.withUnsafeMutableBufferPointer { samples in
            for pixel in stride(from: 0, to: samples.count, by: channels) {
                let alpha = samples[pixel + channels - 1]
                for index in pixel..<pixel + channels - 1 {
                    samples[index] = transform(samples[index], alpha)
                }
            }
        }
        return result
    }
}
