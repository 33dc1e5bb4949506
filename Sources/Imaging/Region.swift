/// A part of a picture in its pixels, whose edges need not lie between them; pixel (0, 0) covers 0…1 in both axes.
public struct Region: Sendable, Equatable {
    /// Top and left edge.
    public var y, x: Double
    /// Extent; above 0.
    public var height, width: Double

    /// A part by its top left corner and its extent.
    public init(y: Double, x: Double, height: Double, width: Double) {
        self.y = y
        self.x = x
        self.height = height
        self.width = width
    }

    /// Whether a picture has all of it.
    func isInside(height pictureHeight: Int, width pictureWidth: Int) -> Bool {
        y >= 0 && x >= 0 && height > 0 && width > 0 && y + height <= Double(pictureHeight) + 1e-9
            && x + width <= Double(pictureWidth) + 1e-9
    }
}
