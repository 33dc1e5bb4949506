/// Bilinear interpolation of the input at coordinates, as `InputSkip`; pixels beyond the border repeat it.
extension GraphWriter {
    /// Two pixels along one axis and the second one's share.
    private struct Span {
        let first, second: Value
        let share: Value
    }

    /// - Parameter image: [1, 3, H, W].
    /// - Returns: Colours at all coordinates, [Q, 3].
    func bilinear(_ image: Value, ys: Value, xs: Value, height: Count, width: Count) -> Value {
        let pixels = image.transposed([0, 2, 3, 1]).reshaped([-1, 3])
        let y = span(of: ys, height), x = span(of: xs, width)
        func colour(_ row: Value, _ column: Value) -> Value {
            pixels.rows((row * width.whole + column).reshaped([-1]))
        }
        let shape = (y.first + x.first).shape
        let yShare = y.share.expanded(shape).reshaped([-1, 1])
        let xShare = x.share.expanded(shape).reshaped([-1, 1])
        func along(_ row: Value) -> Value {
            let left = colour(row, x.first)
            return left + (colour(row, x.second) - left) * xShare
        }
        let above = along(y.first)
        return above + (along(y.second) - above) * yShare
    }

    private func span(of coordinates: Value, _ count: Count) -> Span {
        let last = count.float - 1
        let fromEdge = (coordinates + 1) * count.float
        let position = ((fromEdge - 1) / 2).clamped(coordinates.scalar(0), last)
        let first = position.floor
        return Span(
            first: first.cast(.int64), second: (first + 1).clamped(first, last).cast(.int64),
            share: position - first)
    }
}
