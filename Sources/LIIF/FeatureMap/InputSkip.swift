/// Bilinear interpolation of the input at a coordinate: what `inputSkip` adds to a prediction, so that the
/// network learns the residual. Pixels beyond the border repeat it.
struct InputSkip {
    /// The image's memory as if it began with row 0.
    private let pixels: UnsafePointer<Float>
    private let height, width: Int

    /// - Parameter pixels: [H, W, 3], normalised.
    init(pixels: UnsafePointer<Float>, height: Int, width: Int) {
        self.pixels = pixels
        self.height = height
        self.width = width
    }

    /// - Parameter window: Holds the rows that will be asked for.
    init(_ window: RowWindow, width: Int) {
        let last = window.end - 1
        let row = window.row(last).assumingMemoryBound(to: Float.self)
        self.init(pixels: UnsafePointer(row - last * width * 3), height: window.height, width: width)
    }

    /// Two pixels along one axis and the second one's share.
    struct Span: Sendable {
        var first, second: Int32
        var share: Float
    }

    /// - Parameter coordinate: −1…1.
    static func span(of coordinate: Float, count: Int) -> Span {
        let position = min(max(((coordinate + 1) * Float(count) - 1) / 2, 0), Float(count - 1))
        let first = Int32(position)
        return Span(first: first, second: min(first + 1, Int32(count - 1)), share: position - Float(first))
    }

    /// Adds the interpolated colour to three floats.
    @inline(__always)
    func add(y: Span, x: Span, to colour: UnsafeMutablePointer<Float>) {
        let top = pixels + Int(y.first) * width * 3
        let bottom = pixels + Int(y.second) * width * 3
        let left = Int(x.first) * 3, right = Int(x.second) * 3
        for c in 0..<3 {
            let above = top[left + c] + (top[right + c] - top[left + c]) * x.share
            let below = bottom[left + c] + (bottom[right + c] - bottom[left + c]) * x.share
            colour[c] += above + (below - above) * y.share
        }
    }

    /// Adds the input's colour at any coordinate to three floats.
    func add(y: Float, x: Float, to colour: UnsafeMutablePointer<Float>) {
        add(y: Self.span(of: y, count: height), x: Self.span(of: x, count: width), to: colour)
    }
}
