import Imaging

/// The pixels to render: a part of an image, seen with a number of rows and columns.
struct PixelGrid: Sendable {
    let rows, columns: PixelAxis
    /// Whether the pixels' extent is what the view says instead of the true one.
    let cellIsGiven: Bool

    init(_ view: PixelView, search: LatentSearch) {
        cellIsGiven = view.cell != nil
        rows = PixelAxis(
            start: view.region.y, extent: view.region.height, count: view.height, latents: view.sourceHeight,
            search: search, cell: view.cell?.height
        ).shifted(to: view.origin.row)
        columns = PixelAxis(
            start: view.region.x, extent: view.region.width, count: view.width, latents: view.sourceWidth,
            search: search, cell: view.cell?.width
        ).shifted(to: view.origin.column)
    }

    private init(rows: PixelAxis, columns: PixelAxis, cellIsGiven: Bool) {
        self.cellIsGiven = cellIsGiven
        self.rows = rows
        self.columns = columns
    }

    /// Some of the pixels, over a map that begins at a latent of the source.
    func part(rows: Range<Int>, columns: Range<Int>, originRow: Int, column: Int) -> PixelGrid {
        PixelGrid(
            rows: self.rows.part(rows).shifted(to: originRow),
            columns: self.columns.part(columns).shifted(to: column), cellIsGiven: cellIsGiven)
    }
}
