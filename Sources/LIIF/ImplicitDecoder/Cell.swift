/// The extent of a queried pixel in the image's coordinates, in which the image is 2 × 2 (§3, equation 5).
public struct Cell: Sendable, Equatable {
    /// 2 / the height of the output in pixels.
    public var height: Float
    /// 2 / the width of the output in pixels.
    public var width: Float

    /// A cell of any extent.
    public init(height: Float, width: Float) {
        self.height = height
        self.width = width
    }

    /// The cell of a pixel of a whole image of this size.
    public init(ofImageHeight height: Int, width: Int) {
        self.init(height: Float(2 / Double(height)), width: Float(2 / Double(width)))
    }
}
