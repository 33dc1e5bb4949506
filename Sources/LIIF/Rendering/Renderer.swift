/// Turns an encoded image into pixels, band by band from the top.
protocol Renderer: AnyObject {
    /// Makes ready for a view.
    /// - Parameter passesThrough: Whether rows of the source that are behind leave the memory.
    /// - Throws: `RenderingError` for a view that the model cannot show.
    func begin(_ view: PixelView, passesThrough: Bool) throws

    /// Predicts the next rows in normalised units; nil after the last.
    /// - Returns: Which rows, and their colours [rows, W, 3], valid until the next call.
    func nextBand() throws -> (rows: Range<Int>, colours: UnsafeMutablePointer<Float>)?
}

extension Renderer {
    /// Predicts all pixels in normalised units.
    /// - Parameter band: Receives consecutive ranges of rows and their colours [rows, W, 3], valid during the call.
    /// - Throws: `RenderingError` for a view that the model cannot show.
    func render(
        _ view: PixelView, passesThrough: Bool,
        band: (_ rows: Range<Int>, _ colours: UnsafeMutablePointer<Float>) throws -> Void
    ) throws {
        try begin(view, passesThrough: passesThrough)
        while let (rows, colours) = try nextBand() { try band(rows, colours) }
    }
}
