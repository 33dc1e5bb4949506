import Tensors

/// Decodes an image's pixels in bands of rows. A band's latents are computed first; then its pixels are
/// taken by the workers in small items, each of which stays in its core's cache through all layers.
final class Renderer {
    /// Queries of one decoder block: 256 rows with the ensemble, whose activations fit a core's L2 cache.
    private static let blockQueries = 64
    /// Blocks of one work item.
    private static let blocksPerItem = 2
    /// Pixels and bytes of latents of a band, about.
    private static let bandPixels = 1 << 16
    private static let bandLatentBytes = 1 << 25

    private let model: LIIFModel
    /// Latents in a row of the maps that it renders.
    private let width: Int
    private let latentKernel: LatentKernel
    private let passes: [DecoderPass]
    private let blocks: [QueryBlock]
    private let weights: DecoderWeights
    private var latents = AlignedBuffer(byteCount: 0)
    /// The last band's, [rows, W, 3].
    private(set) var colours = AlignedBuffer(byteCount: 0)

    /// - Parameters:
    ///   - width: Latents in a row of the maps to come.
    ///   - precision: Their precision, and the decoder's.
    init(_ model: LIIFModel, width: Int, precision: Precision, workers: Int = Workers.count) throws {
        self.model = model
        self.width = width
        let corners = model.configuration.corners
        let capacity = Self.blockQueries * 4 / corners
        latentKernel = try LatentKernel(model, mapWidth: width, precision: precision, workers: workers)
        passes = try (0..<workers).map { _ in
            try DecoderPass(
                model.network.decoder, capacity: capacity, corners: corners, precision: precision,
                training: false)
        }
        blocks = (0..<workers).map { _ in QueryBlock(capacity: capacity, corners: corners) }
        weights = DecoderWeights(passes[0])
        try weights.refresh(from: model.parameters, pass: passes[0])
    }

    /// Predicts all pixels in normalised units, band by band from the top.
    /// - Parameters:
    ///   - source: Supplies the feature map, and the image for the input skip.
    ///   - passesThrough: Whether rows of the source that are behind leave the memory.
    ///   - band: Receives consecutive ranges of rows and their colours [rows, W, 3], valid during the call.
    func render(
        _ grid: PixelGrid, from source: any FeatureSource, passesThrough: Bool,
        band: (_ rows: Range<Int>, _ colours: UnsafeMutablePointer<Float>) throws -> Void
    ) throws {
        setCell(of: grid)
        var start = 0
        while start < grid.rows.count {
            let rows = try predictBand(from: start, of: grid, source: source, passesThrough: passesThrough)
            try band(rows, colours.floats)
            start = rows.upperBound
        }
    }

    /// Tells the decoder the extent of a grid's pixels; needed before its first band.
    func setCell(of grid: PixelGrid) {
        let cell = Cell(height: grid.rows.cell, width: grid.columns.cell)
        for pass in passes {
            pass.setCell(
                cell, latentHeight: grid.rows.latentCount, latentWidth: grid.columns.latentCount,
                weights: weights)
        }
    }

    /// Predicts some rows from `start` on, in normalised units, into `colours`.
    /// - Returns: Which rows.
    func predictBand(
        from start: Int, of grid: PixelGrid, source: any FeatureSource, passesThrough: Bool
    ) throws -> Range<Int> {
        let range = nextBand(from: start, rows: grid.rows, width: grid.columns.count)
        let asked = grid.rows.latents(of: range)
        if passesThrough { source.discard(before: asked.lowerBound - 1) }
        // One row more for the 3×3 neighbourhood.
        try source.encode(before: asked.upperBound + 1)
        let latentBytes = asked.count * latentKernel.rowCount * 4
        if latents.byteCount < latentBytes { latents = AlignedBuffer(byteCount: latentBytes) }
        try latentKernel.compute(asked, of: source.features, into: latents.floats)
        let bytes = range.count * grid.columns.count * 12
        if colours.byteCount < bytes { colours = AlignedBuffer(byteCount: bytes) }
        try decode(range, grid, firstLatent: asked.lowerBound, pixels: source.pixels, into: colours.floats)
        return range
    }

    /// Rows until there are enough pixels, or too many latents.
    private func nextBand(from start: Int, rows: PixelAxis, width: Int) -> Range<Int> {
        var end = min(rows.count, start + max(1, Self.bandPixels / width))
        let limit = max(4, Self.bandLatentBytes / (latentKernel.rowCount * 4))
        while end > start + 1 && rows.latents(of: start..<end).count > limit {
            end = start + (end - start) / 2
        }
        return start..<end
    }

    private func decode(
        _ range: Range<Int>, _ grid: PixelGrid, firstLatent: Int, pixels window: RowWindow,
        into colours: UnsafeMutablePointer<Float>
    ) throws {
        let pixels = range.count * grid.columns.count
        let perItem = passes[0].capacity * Self.blocksPerItem
        nonisolated(unsafe) let renderer = self
        nonisolated(unsafe) let (colours, window) = (colours, window)
        try Workers.run((pixels + perItem - 1) / perItem, workers: passes.count) { worker, item in
            let end = min(pixels, (item + 1) * perItem)
            var pixel = item * perItem
            while pixel < end {
                let next = min(end, pixel + renderer.passes[worker].capacity)
                renderer.decodeBlock(
                    pixel..<next, worker: worker, firstRow: range.lowerBound, grid, firstLatent: firstLatent,
                    pixels: window, into: colours)
                pixel = next
            }
        }
    }

    /// One block of pixels, counted row by row from the band's start.
    private func decodeBlock(
        _ pixels: Range<Int>, worker: Int, firstRow: Int, _ grid: PixelGrid, firstLatent: Int,
        pixels window: RowWindow, into colours: UnsafeMutablePointer<Float>
    ) {
        let (rows, columns) = (grid.rows, grid.columns)
        let block = blocks[worker]
        let latentWidth = Int32(width)
        block.count = 0
        var (y, x) = pixels.lowerBound.quotientAndRemainder(dividingBy: columns.count)
        y += firstRow
        for _ in pixels {
            block.append(
                ys: (rows.before[y], rows.after[y]), xs: (columns.before[x], columns.after[x]),
                width: latentWidth, firstRow: Int32(firstLatent))
            x += 1
            if x == columns.count { (y, x) = (y + 1, 0) }
        }
        let result = colours + pixels.lowerBound * 3
        passes[worker].forward(block, latents: latents.floats, weights: weights, colours: result)
        guard model.configuration.inputSkip else { return }
        let skip = InputSkip(window, width: width)
        (y, x) = pixels.lowerBound.quotientAndRemainder(dividingBy: columns.count)
        y += firstRow
        for i in 0..<pixels.count {
            skip.add(y: rows.spans[y], x: columns.spans[x], to: result + 3 * i)
            x += 1
            if x == columns.count { (y, x) = (y + 1, 0) }
        }
    }
}
