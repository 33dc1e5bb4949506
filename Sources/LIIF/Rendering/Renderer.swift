/// What is to be seen of an image: a part of it and with how many pixels.
struct PixelView {
    /// In the source's pixels.
    var region: Region
    var height, width: Int
    /// The pixel's extent that the decoder is told; nil for the true one.
    var cell: Cell?

    /// - Parameter region: nil for the whole image.
    /// - Precondition: `region` lies inside the image, and there is at least one pixel.
    init(_ region: Region?, height: Int, width: Int, sourceHeight: Int, sourceWidth: Int, cell: Cell?) {
        let whole = Region(y: 0, x: 0, height: Double(sourceHeight), width: Double(sourceWidth))
        let region = region ?? whole
        precondition(height > 0 && width > 0, "a picture of \(width)×\(height) pixels cannot be rendered")
        precondition(
            region.y >= 0 && region.x >= 0 && region.height > 0 && region.width > 0
                && region.y + region.height <= whole.height && region.x + region.width <= whole.width,
            "the region is not inside the image")
        self.region = region
        self.height = height
        self.width = width
        self.cell = cell
    }
}

/// Turns an encoded image into pixels.
protocol Renderer: AnyObject {
    /// Predicts all pixels in normalised units, band by band from the top.
    /// - Parameters:
    ///   - passesThrough: Whether rows of the source that are behind leave the memory.
    ///   - band: Receives consecutive ranges of rows and their colours [rows, W, 3], valid during the call.
    /// - Throws: `RenderingError` for a view that the model cannot show.
    func render(
        _ view: PixelView, passesThrough: Bool,
        band: (_ rows: Range<Int>, _ colours: UnsafeMutablePointer<Float>) throws -> Void
    ) throws
}

/// Why an image cannot be shown as asked for.
public enum RenderingError: Error, Equatable, CustomStringConvertible {
    /// The model is an up-sampling module of one scale, and another one, or part of a pixel, is asked for.
    case fixedScale(Int, region: Region, height: Int, width: Int)

    /// A sentence that says what is asked for and what would be right.
    public var description: String {
        switch self {
        case .fixedScale(let scale, let region, let height, let width):
            let whole = (Double(scale) * region.width, Double(scale) * region.height)
            func text(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
            return "the model enlarges by \(scale) and nothing else (an up-sampling module): expected "
                + "\(text(whole.0))×\(text(whole.1)) pixels from \(text(region.width))×\(text(region.height)), "
                + "found \(width)×\(height). LIIF and MetaSR models take any size."
        }
    }
}
