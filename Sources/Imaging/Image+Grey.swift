extension Image where Sample == UInt8 {
    /// In grey: ITU-R BT.601 luma as Pillow's `convert('L')` computes it; alpha stays.
    public func grey() -> Image<UInt8> {
        guard channels > 2 else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(width * height * (channels - 2))
        for pixel in stride(from: 0, to: samples.count, by: channels) {
            let sum =
                19595 * UInt32(samples[pixel]) + 38470 * UInt32(samples[pixel + 1])
                + 7471 * UInt32(samples[pixel + 2])
            result.append(UInt8((sum + 0x8000) >> 16))
            if channels == 4 { result.append(samples[pixel + 3]) }
        }
        return Image(width: width, height: height, channels: channels - 2, samples: result)
    }

    /// Laid on white, without alpha.
    public func onWhite() -> Image<UInt8> {
        guard hasAlpha else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(width * height * (channels - 1))
        for pixel in stride(from: 0, to: samples.count, by: channels) {
            let alpha = UInt32(samples[pixel + channels - 1])
            for channel in pixel..<pixel + channels - 1 {
                result.append(UInt8((UInt32(samples[channel]) * alpha + 255 * (255 - alpha) + 127) / 255))
            }
        }
        return Image(width: width, height: height, channels: channels - 1, samples: result)
    }
}
