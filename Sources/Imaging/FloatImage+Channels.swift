extension FloatImage {
    /// As three channels: grey is repeated, alpha is dropped (colours as they are, not blended with a background).
    public func rgb() -> FloatImage {
        switch channels {
        case 3: self
        case 4: taking(0, 1, 2)
        default: taking(0, 0, 0)
        }
    }

    /// The alpha as a grey picture of three equal channels.
    ///
    /// - Precondition: there are two or four channels.
    public func alpha() -> FloatImage {
        precondition(channels == 2 || channels == 4, "there is no alpha")
        return taking(channels - 1, channels - 1, channels - 1)
    }

    private func taking(_ red: Int, _ green: Int, _ blue: Int) -> FloatImage {
        let taken = [Float](unsafeUninitializedCapacity: width * height * 3) { target, count in
            values.withUnsafeBufferPointer { source in
                for pixel in 0..<width * height {
                    let from = source.baseAddress! + pixel * channels
                    let to = target.baseAddress! + pixel * 3
                    to.initialize(to: from[red])
                    (to + 1).initialize(to: from[green])
                    (to + 2).initialize(to: from[blue])
                }
            }
            count = width * height * 3
        }
        return FloatImage(height: height, width: width, channels: 3, values: taken)
    }
}
