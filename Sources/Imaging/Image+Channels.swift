extension Image {
    /// Whether the last channel is alpha.
    public var hasAlpha: Bool { channels == 2 || channels == 4 }

    /// As three channels: grey is repeated, alpha is dropped (colours as stored, not blended with a background).
    @inlinable
    public func rgb() -> Image {
        guard channels != 3 else { return self }
        let converted = [Sample](unsafeUninitializedCapacity: width * height * 3) { target, count in
            samples.withUnsafeBufferPointer { source in
                let (green, blue) = channels < 3 ? (0, 0) : (1, 2)
                for pixel in 0..<width * height {
                    let from = source.baseAddress! + pixel * channels
                    let to = target.baseAddress! + pixel * 3
                    to.initialize(to: from[0])
                    (to + 1).initialize(to: from[green])
                    (to + 2).initialize(to: from[blue])
                }
            }
            count = width * height * 3
        }
        return Image(width: width, height: height, channels: 3, samples: converted)
    }

    /// One channel as a grey picture.
    ///
    /// - Precondition: `index` is below `channels`.
    @inlinable
    public func channel(_ index: Int) -> Image {
        precondition((0..<channels).contains(index), "no such channel")
        let selected = stride(from: index, to: samples.count, by: channels).map { samples[$0] }
        return Image(width: width, height: height, channels: 1, samples: selected)
    }
}
