import Tensors

/// Shows what an up-sampling module made: the picture at its own scale, or whole pixels of it.
final class UpsamplingRenderer: Renderer {
    /// Pixels of a band, about.
    private static let bandPixels = 1 << 16

    private let encoder: ImageEncoder
    private let scale: Int
    /// The enlarged picture.
    private var picture: FeatureMap { encoder.features }

    /// - Parameter encoder: Its "feature map" is the enlarged picture.
    init(_ encoder: ImageEncoder, scale: Int) {
        self.encoder = encoder
        self.scale = scale
    }

    func render(
        _ view: PixelView, passesThrough: Bool,
        band: (_ rows: Range<Int>, _ colours: UnsafeMutablePointer<Float>) throws -> Void
    ) throws {
        let (top, left) = try corner(of: view)
        let step = max(1, Self.bandPixels / view.width)
        let colours = AlignedBuffer(floats: min(step, view.height) * view.width * 3)
        for start in stride(from: 0, to: view.height, by: step) {
            let rows = start..<min(start + step, view.height)
            if passesThrough { encoder.discard(before: top + rows.lowerBound) }
            try encoder.encode(before: top + rows.upperBound)
            for row in rows {
                let source = picture.row(top + row).assumingMemoryBound(to: Float.self)
                copyFloats(
                    to: colours.floats + (row - start) * view.width * 3, from: source + left * 3,
                    count: view.width * 3)
            }
            try band(rows, colours.floats)
        }
        withExtendedLifetime(colours) {}
    }

    /// Where the view begins in the enlarged picture.
    private func corner(of view: PixelView) throws -> (y: Int, x: Int) {
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
