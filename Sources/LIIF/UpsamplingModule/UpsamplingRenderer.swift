import Imaging
import Tensors

/// Shows what an up-sampling module made: the picture at its own scale, or whole pixels of it.
final class UpsamplingRenderer: Renderer {
    /// Pixels of a band, about.
    private static let bandPixels = 1 << 16

    private let encoder: ImageEncoder
    private let scale: Int
    /// Whether the bilinearly interpolated input is added.
    private let addsInput: Bool
    /// The enlarged picture.
    private var picture: FeatureMap { encoder.features }
    /// The last band's, [rows, W, 3].
    private var colours = AlignedBuffer(byteCount: 0)
    /// What is shown, and how far.
    private var view: PixelView?
    private var corner = (y: 0, x: 0)
    private var passesThrough = false
    private var nextRow = 0

    /// - Parameter encoder: Its "feature map" is the enlarged picture.
    init(_ encoder: ImageEncoder, scale: Int, addsInput: Bool) {
        self.encoder = encoder
        self.scale = scale
        self.addsInput = addsInput
    }

    func begin(_ view: PixelView, passesThrough: Bool) throws {
        corner = try corner(of: view)
        self.view = view
        self.passesThrough = passesThrough
        nextRow = view.firstRow
    }

    func nextBand() throws -> (rows: Range<Int>, colours: UnsafeMutablePointer<Float>)? {
        guard let view, nextRow < view.height else { return nil }
        let rows = nextRow..<min(nextRow + max(1, Self.bandPixels / view.width), view.height)
        let bytes = rows.count * view.width * 12
        if colours.byteCount < bytes { colours = AlignedBuffer(byteCount: bytes) }
        // The input's interpolation looks at the pixel above.
        if passesThrough { try encoder.pass(to: corner.y + rows.lowerBound - (addsInput ? scale : 0)) }
        try encoder.encode(before: corner.y + rows.upperBound)
        for row in rows {
            let source = picture.row(corner.y + row).assumingMemoryBound(to: Float.self)
            copyFloats(
                to: colours.floats + (row - rows.lowerBound) * view.width * 3, from: source + corner.x * 3,
                count: view.width * 3)
        }
        if addsInput { addInput(to: rows, width: view.width) }
        nextRow = rows.upperBound
        return (rows, colours.floats)
    }

    private func addInput(to rows: Range<Int>, width: Int) {
        let skip = InputSkip(encoder.pixels, width: encoder.width)
        func span(_ pixel: Int, of extent: Int) -> InputSkip.Span {
            InputSkip.span(of: LocalEnsemble.pixelCentre(pixel, of: extent * scale), count: extent)
        }
        let columns = (0..<width).map { span(corner.x + $0, of: encoder.width) }
        for row in rows {
            let y = span(corner.y + row, of: encoder.height)
            let result = colours.floats + (row - rows.lowerBound) * width * 3
            for x in 0..<width { skip.add(y: y, x: columns[x], to: result + 3 * x) }
        }
    }

    /// Where the view begins in the enlarged picture.
    private func corner(of view: PixelView) throws -> (y: Int, x: Int) {
        precondition(view.origin == (0, 0), "the whole picture is needed")
        let factor = Double(scale)
        let region = view.region
        let (y, x) = (region.y * factor, region.x * factor)
        guard region.height * factor == Double(view.height), region.width * factor == Double(view.width),
            y == y.rounded(), x == x.rounded()
        else {
            throw RenderingError.fixedScale(
                scale, region: region, height: view.height, width: view.width)
        }
        return (Int(y), Int(x))
    }
}
