extension Image where Sample == UInt8 {
    /// Resamples as Pillow's `Image.resize(size, Image.Resampling.BICUBIC)` does, byte for byte.
    ///
    /// Antialiased when shrinking; the horizontal pass first, then the vertical, each clipped to 8 bits; an axis
    /// whose extent does not change is left alone. Pictures with alpha are premultiplied for the filtering,
    /// again as Pillow does, so colours of transparent pixels do not bleed.
    ///
    /// - Precondition: both extents are positive.
    public func resizedBicubic(height newHeight: Int, width newWidth: Int) -> Image<UInt8> {
        precondition(newHeight > 0 && newWidth > 0, "a picture has at least one pixel")
        guard newHeight != height || newWidth != width else { return self }
        var result = hasAlpha ? premultiplied() : self
        if newWidth != width { result = result.filteredHorizontally(to: newWidth) }
        if newHeight != height { result = result.filteredVertically(to: newHeight) }
        return hasAlpha ? result.unpremultiplied() : result
    }

    /// Resamples a part of the picture as Pillow's `resize(size, BICUBIC, box=…)` does: pixels around the part count
    /// as far as the filter reaches, so that parts fit together without a seam.
    ///
    /// - Precondition: the box lies inside the picture, and both extents are positive.
    public func resizedBicubic(_ box: Region, height newHeight: Int, width newWidth: Int) -> Image<UInt8> {
        precondition(newHeight > 0 && newWidth > 0, "a picture has at least one pixel")
        precondition(box.isInside(height: height, width: width), "the box is not inside the picture")
        var columns = FixedPointFilter(from: width, to: newWidth, start: box.x, extent: box.width)
        var rows = FixedPointFilter(from: height, to: newHeight, start: box.y, extent: box.height)
        let (x, y) = (columns.span, rows.span)
        let part = cropped(y: y.lowerBound, x: x.lowerBound, height: y.count, width: x.count)
        columns.move(by: x.lowerBound)
        rows.move(by: y.lowerBound)
        let result = (hasAlpha ? part.premultiplied() : part).filteredHorizontally(by: columns)
            .filteredVertically(by: rows)
        return hasAlpha ? result.unpremultiplied() : result
    }

    private func filteredHorizontally(to newWidth: Int) -> Image<UInt8> {
        filteredHorizontally(by: FixedPointFilter(from: width, to: newWidth))
    }

    private func filteredHorizontally(by filter: FixedPointFilter) -> Image<UInt8> {
        let newWidth = filter.starts.count
        let filtered = [UInt8](unsafeUninitializedCapacity: height * newWidth * channels) { output, count in
            samples.withUnsafeBufferPointer { input in
                for y in 0..<height {
                    let source = input.baseAddress! + y * width * channels
                    let target = output.baseAddress! + y * newWidth * channels
                    switch channels {
                    case 1: filter.filterRow1(source, into: target)
                    case 3: filter.filterRow3(source, into: target)
                    default: filter.filterRow(source, channels: channels, into: target)
                    }
                }
            }
            count = height * newWidth * channels
        }
        return Image(width: newWidth, height: height, channels: channels, samples: filtered)
    }

    private func filteredVertically(to newHeight: Int) -> Image<UInt8> {
        filteredVertically(by: FixedPointFilter(from: height, to: newHeight))
    }

    private func filteredVertically(by filter: FixedPointFilter) -> Image<UInt8> {
        let newHeight = filter.starts.count
        let rowLength = width * channels
        let filtered = [UInt8](unsafeUninitializedCapacity: newHeight * rowLength) { output, count in
            samples.withUnsafeBufferPointer { input in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: rowLength) { sums in
                    for y in 0..<newHeight {
                        filter.filterColumns(
                            input.baseAddress!, rowLength: rowLength, output: y, sums: sums.baseAddress!,
                            into: output.baseAddress! + y * rowLength)
                    }
                }
            }
            count = newHeight * rowLength
        }
        return Image(width: width, height: newHeight, channels: channels, samples: filtered)
    }
}

extension FixedPointFilter {
    /// One row of a picture with one channel.
    fileprivate func filterRow1(_ source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) {
        weights.withUnsafeBufferPointer { weights in
            for output in 0..<starts.count {
                let weight = weights.baseAddress! + output * stride
                let pixel = source + starts[output]
                var sum = Self.half
                for tap in 0..<counts[output] { sum &+= Int32(pixel[tap]) &* weight[tap] }
                target[output] = Self.sample(sum)
            }
        }
    }

    /// One row of a picture with three interleaved channels.
    fileprivate func filterRow3(_ source: UnsafePointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) {
        weights.withUnsafeBufferPointer { weights in
            var target = target
            for output in 0..<starts.count {
                let weights = weights.baseAddress! + output * stride
                var pixel = source + starts[output] * 3
                var (first, second, third) = (Self.half, Self.half, Self.half)
                for tap in 0..<counts[output] {
                    let weight = weights[tap]
                    first &+= Int32(pixel[0]) &* weight
                    second &+= Int32(pixel[1]) &* weight
                    third &+= Int32(pixel[2]) &* weight
                    pixel += 3
                }
                target[0] = Self.sample(first)
                target[1] = Self.sample(second)
                target[2] = Self.sample(third)
                target += 3
            }
        }
    }

    /// One row of a picture with any number of interleaved channels.
    fileprivate func filterRow(
        _ source: UnsafePointer<UInt8>, channels: Int, into target: UnsafeMutablePointer<UInt8>
    ) {
        weights.withUnsafeBufferPointer { weights in
            for output in 0..<starts.count {
                let weight = weights.baseAddress! + output * stride
                for channel in 0..<channels {
                    let pixel = source + starts[output] * channels + channel
                    var sum = Self.half
                    for tap in 0..<counts[output] { sum &+= Int32(pixel[tap * channels]) &* weight[tap] }
                    target[output * channels + channel] = Self.sample(sum)
                }
            }
        }
    }

    /// One output row of the vertical pass: whole input rows are weighted and added, so neighbours in memory
    /// are neighbours in a vector register.
    fileprivate func filterColumns(
        _ source: UnsafePointer<UInt8>, rowLength: Int, output: Int, sums: UnsafeMutablePointer<Int32>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        sums.update(repeating: Self.half, count: rowLength)
        for tap in 0..<counts[output] {
            let weight = weights[output * stride + tap]
            let row = source + (starts[output] + tap) * rowLength
            for x in 0..<rowLength { sums[x] &+= Int32(row[x]) &* weight }
        }
        for x in 0..<rowLength { target[x] = Self.sample(sums[x]) }
    }
}
