import Imaging

/// A part of an image in the source's pixels; pixel (0, 0) covers 0…1 in both axes.
public struct Region: Sendable, Equatable {
    /// Top and left edge.
    public var y, x: Double
    /// Extent; above 0.
    public var height, width: Double

    /// A part by its top left corner and its extent, in the source's pixels.
    public init(y: Double, x: Double, height: Double, width: Double) {
        self.y = y
        self.x = x
        self.height = height
        self.width = width
    }
}

/// The pixels to render: a part of an image, seen with a number of rows and columns.
struct PixelGrid: Sendable {
    let rows, columns: PixelAxis

    /// - Precondition: `region` lies inside the image, and there is at least one pixel.
    init(
        _ region: Region, height: Int, width: Int, sourceHeight: Int, sourceWidth: Int, ensemble: Bool,
        cell: Cell?
    ) {
        precondition(height > 0 && width > 0, "a picture of \(width)×\(height) pixels cannot be rendered")
        precondition(
            region.y >= 0 && region.x >= 0 && region.height > 0 && region.width > 0
                && region.y + region.height <= Double(sourceHeight)
                && region.x + region.width <= Double(sourceWidth), "the region is not inside the image")
        rows = PixelAxis(
            start: region.y, extent: region.height, count: height, latents: sourceHeight, ensemble: ensemble,
            cell: cell?.height)
        columns = PixelAxis(
            start: region.x, extent: region.width, count: width, latents: sourceWidth, ensemble: ensemble,
            cell: cell?.width)
    }

    private init(rows: PixelAxis, columns: PixelAxis) {
        self.rows = rows
        self.columns = columns
    }

    /// Some of the pixels.
    func part(rows: Range<Int>, columns: Range<Int>) -> PixelGrid {
        PixelGrid(rows: self.rows.part(rows), columns: self.columns.part(columns))
    }

    /// The same pixels over a map that begins at a pixel of the source.
    func shifted(toRow row: Int, column: Int) -> PixelGrid {
        PixelGrid(rows: rows.shifted(to: row), columns: columns.shifted(to: column))
    }
}

extension PixelNormalization.Affine {
    /// Predicted colours [height, width, 3] as an image: out of the network's units, clamped to 0…1.
    func image(_ colours: UnsafePointer<Float>, height: Int, width: Int) -> FloatImage {
        let count = height * width * 3
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for c in 0..<3 {
                let scale = divide[divide.count == 1 ? 0 : c], offset = subtract[subtract.count == 1 ? 0 : c]
                for i in stride(from: c, to: count, by: 3) {
                    buffer[i] = min(max(colours[i] * scale + offset, 0), 1)
                }
            }
            initialized = count
        }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }
}
