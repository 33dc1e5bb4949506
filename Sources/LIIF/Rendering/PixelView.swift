import Imaging

/// What is to be seen of an image: a part of it and with how many pixels.
struct PixelView {
    /// In the source's pixels.
    var region: Region
    var height, width: Int
    /// The pixel's extent that the decoder is told; nil for the true one, within the model's limit.
    var cell: Cell?
    /// The whole source's extent.
    let sourceHeight, sourceWidth: Int
    /// The row to begin with.
    var firstRow = 0
    /// The source's pixel that the encoder's image begins with.
    private(set) var origin = (row: 0, column: 0)

    /// - Parameter region: nil for the whole image.
    /// - Precondition: `region` lies inside the image, there is at least one pixel, and `cell` is larger than nothing.
    init(_ region: Region?, height: Int, width: Int, sourceHeight: Int, sourceWidth: Int, cell: Cell?) {
        let whole = Region(y: 0, x: 0, height: Double(sourceHeight), width: Double(sourceWidth))
        let region = region ?? whole
        precondition(height > 0 && width > 0, "a picture of \(width)×\(height) pixels cannot be rendered")
        precondition(
            region.y >= 0 && region.x >= 0 && region.height > 0 && region.width > 0
                && region.y + region.height <= whole.height && region.x + region.width <= whole.width,
            "the region is not inside the image")
        precondition(
            cell.map { $0.height > 0 && $0.width > 0 } ?? true, "a pixel has an extent above 0")
        self.region = region
        self.height = height
        self.width = width
        self.cell = cell
        self.sourceHeight = sourceHeight
        self.sourceWidth = sourceWidth
    }

    /// The rows and columns of the source that the view depends on.
    ///
    /// With a later first row the window begins so far above it, and at such a row, that what is seen has the same bits as
    /// from the beginning.
    /// - Parameters:
    ///   - reach: How far the feature of a pixel looks around itself.
    ///   - grid: How far its bits look, and the rows at whose multiples the encoder may begin without changing them.
    func window(reach: Int, grid: (reach: Int, rows: Int)) -> (rows: Range<Int>, columns: Range<Int>) {
        // A query asks latents beside its own, and those see their neighbours. MetaSR asks half a pixel beside, as large as it
        // is told, of which half a latent is in the 3.
        func beside(_ cell: Float?, _ length: Double, _ count: Int, of extent: Int) -> Int {
            let half = cell.map { Double($0) * Double(extent) / 4 } ?? length / Double(count) / 2
            return 3 + Int(min(Double(extent), max(0, (half - 0.5).rounded(.up))))
        }
        func range(_ start: Double, _ length: Double, of extent: Int, margin: Int) -> Range<Int> {
            let end = Int((start + length).rounded(.up)) + margin
            return max(0, Int(start.rounded(.down)) - margin)..<min(extent, end)
        }
        let above = beside(cell?.height, region.height, height, of: sourceHeight)
        let left = beside(cell?.width, region.width, width, of: sourceWidth)
        var rows = range(region.y, region.height, of: sourceHeight, margin: reach + above)
        let columns = range(region.x, region.width, of: sourceWidth, margin: reach + left)
        if firstRow > 0 {
            let top = Int((region.y + Double(firstRow) * region.height / Double(height)).rounded(.down))
            var skipped = max(0, top - grid.reach - above - rows.lowerBound)
            // What goes through the encoder in strips, or in panels, does so wherever it begins.
            if ImageEncoder.isWide(columns.count) {
                skipped = min(skipped, max(0, rows.count - ImageEncoder.panelRows - 1))
            }
            rows = (rows.lowerBound + skipped / grid.rows * grid.rows)..<rows.upperBound
        }
        return (rows, columns)
    }

    /// The same view of an image that was encoded from a window of the source.
    func within(_ window: (rows: Range<Int>, columns: Range<Int>)) -> PixelView {
        var view = self
        view.origin = (window.rows.lowerBound, window.columns.lowerBound)
        return view
    }
}
