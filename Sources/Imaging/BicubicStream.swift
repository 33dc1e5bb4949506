/// Resamples a picture that arrives in strips from the top, by bicubic interpolation in floating point, in memory
/// that holds only the rows under the kernel.
///
/// The filter is Pillow's (see `resizedBicubic`) without its rounding to 8 bits between and after the passes:
/// antialiased where the picture shrinks. At the same size it is the identity. Channels are filtered one by one,
/// so pictures with alpha should come premultiplied.
public final class BicubicStream {
    private let rows, columns: BicubicAxis
    private let width: Int
    private let channels: Int
    /// Input rows seen.
    private var position = 0
    /// Rows that are filtered horizontally: input rows from `first` on, which the next row of the result begins at.
    private var lines: [[Float]] = []
    private var first = 0
    private var rowsMade = 0

    /// - Parameters:
    ///   - height: Extent of the source in pixels.
    ///   - width: Extent of the source in pixels.
    ///   - channels: Channels of the strips.
    ///   - y: Top of the part to show, in source pixels.
    ///   - x: Left edge of the part to show.
    ///   - partHeight: Extent of the part; nil to the end.
    ///   - partWidth: Extent of the part; nil to the end.
    ///   - outputHeight: Rows of the result, at least 1.
    ///   - outputWidth: Columns of the result, at least 1.
    public init(
        height: Int, width: Int, channels: Int, y: Double = 0, x: Double = 0, partHeight: Double? = nil,
        partWidth: Double? = nil, outputHeight: Int, outputWidth: Int
    ) {
        rows = BicubicAxis(
            inputExtent: height, start: y, extent: partHeight ?? Double(height) - y,
            outputExtent: outputHeight)
        columns = BicubicAxis(
            inputExtent: width, start: x, extent: partWidth ?? Double(width) - x, outputExtent: outputWidth)
        self.width = width
        self.channels = channels
        first = rows.starts[0]
    }

    /// Whether all rows of the result are made; the rest of the source is not needed.
    public var isFinished: Bool { rowsMade == rows.count }

    /// Takes in the next rows of the source and gives the rows of the result that they complete; nil if none.
    ///
    /// - Precondition: the strip has the source's width and channels.
    public func push(_ strip: FloatImage) -> FloatImage? {
        precondition(strip.width == width && strip.channels == channels, "the strip does not fit")
        var made: [Float] = []
        let before = rowsMade
        strip.values.withUnsafeBufferPointer { values in
            for row in 0..<strip.height {
                if position >= first && !isFinished {
                    lines.append(filtered(values.baseAddress! + row * width * channels))
                }
                position += 1
                while !isFinished && rows.end(rowsMade) <= position {
                    appendRow(rowsMade, to: &made)
                    rowsMade += 1
                    guard !isFinished else { break }
                    let next = rows.starts[rowsMade]
                    lines.removeFirst(min(next - first, lines.count))
                    first = next
                }
            }
        }
        guard rowsMade > before else { return nil }
        return FloatImage(height: rowsMade - before, width: columns.count, channels: channels, values: made)
    }

    /// One row, filtered horizontally.
    private func filtered(_ row: UnsafePointer<Float>) -> [Float] {
        [Float](unsafeUninitializedCapacity: columns.count * channels) { target, count in
            for output in 0..<columns.count {
                columns.weights[output].withUnsafeBufferPointer { weights in
                    let source = row + columns.starts[output] * channels
                    for channel in 0..<channels {
                        var sum: Float = 0
                        for tap in 0..<weights.count {
                            sum += weights[tap] * source[tap * channels + channel]
                        }
                        target[output * channels + channel] = sum
                    }
                }
            }
            count = columns.count * channels
        }
    }

    /// One row of the result: lines weighted and added.
    private func appendRow(_ output: Int, to result: inout [Float]) {
        let length = columns.count * channels
        let start = result.count
        result.append(contentsOf: repeatElement(0, count: length))
        result.withUnsafeMutableBufferPointer { result in
            let sums = result.baseAddress! + start
            for (tap, weight) in rows.weights[output].enumerated() {
                lines[rows.starts[output] - first + tap].withUnsafeBufferPointer { line in
                    for i in 0..<length { sums[i] += weight * line[i] }
                }
            }
        }
    }
}
