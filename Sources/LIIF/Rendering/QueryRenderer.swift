import Tensors

/// Shows images whose decoder has a colour for any coordinate, in bands of rows. A band's latents are computed first;
/// then its pixels are taken by the workers in small items, each of which stays in its core's cache.
final class QueryRenderer: Renderer {
    /// Blocks of one work item.
    private static let blocksPerItem = 2
    /// Pixels and bytes of latents of a band, about.
    private static let bandPixels = 1 << 16
    private static let bandLatentBytes = 1 << 25

    /// Supplies the feature map, and the image for the input skip; between two views another of the same width may take
    /// its place, or none.
    var source: (any FeatureSource)?
    private let decoder: any QueryDecoder
    /// Whether a query's colour is added to the bilinearly interpolated input.
    private let addsInput: Bool
    private let latentKernel: LatentKernel
    /// By worker.
    private let blocks: [QueryBlock]
    private let memory: BandMemory
    /// What is shown, and how far.
    private var grid: PixelGrid?
    private var passesThrough = false
    private var nextRow = 0

    /// - Parameter memory: May be shared by renderers of which one works at a time.
    init(
        _ source: any FeatureSource, decoder: any QueryDecoder, addsInput: Bool, workers: Int,
        memory: BandMemory = BandMemory()
    ) {
        self.source = source
        self.memory = memory
        self.decoder = decoder
        self.addsInput = addsInput
        latentKernel = decoder.latents
        blocks = (0..<workers).map { _ in
            QueryBlock(capacity: decoder.blockQueries, corners: decoder.search.corners)
        }
    }

    func begin(_ view: PixelView, passesThrough: Bool) throws {
        try begin(
            PixelGrid(view, search: decoder.search), sourceHeight: view.sourceHeight,
            sourceWidth: view.sourceWidth, passesThrough: passesThrough)
        nextRow = view.firstRow
    }

    /// Makes ready for pixels whose latents are found.
    /// - Parameters:
    ///   - sourceHeight: Extent of the whole source.
    ///   - sourceWidth: Extent of the whole source.
    func begin(_ grid: PixelGrid, sourceHeight: Int, sourceWidth: Int, passesThrough: Bool) throws {
        try decoder.setCell(
            Cell(height: grid.rows.cell, width: grid.columns.cell), isGiven: grid.cellIsGiven,
            latentHeight: sourceHeight, latentWidth: sourceWidth)
        self.grid = grid
        self.passesThrough = passesThrough
        nextRow = 0
    }

    func nextBand() throws -> (rows: Range<Int>, colours: UnsafeMutablePointer<Float>)? {
        guard let grid, let source, nextRow < grid.rows.count else { return nil }
        let range = band(from: nextRow, rows: grid.rows, width: grid.columns.count)
        let asked = grid.rows.latents(of: range)
        if passesThrough { try source.pass(to: asked.lowerBound - 1) }
        // One row more for the 3×3 neighbourhood.
        try source.encode(before: asked.upperBound + 1)
        memory.reserve(
            latents: asked.count * latentKernel.rowCount, colours: range.count * grid.columns.count * 3)
        try latentKernel.compute(asked, of: source.features, into: memory.latents.floats)
        if addsInput { try fetchInput(under: range, of: grid.rows, from: source) }
        try decode(range, grid, of: source, firstLatent: asked.lowerBound, into: memory.colours.floats)
        nextRow = range.upperBound
        return (range, memory.colours.floats)
    }

    /// Sees to it that the image's rows under a band's pixels are there; their latents are computed already. The rows may lie far
    /// below those: MetaSR asks half a pixel above, which in a reduction is many rows.
    private func fetchInput(
        under range: Range<Int>, of rows: PixelAxis, from source: any FeatureSource
    ) throws {
        let first = rows.spans[range].lazy.map { Int($0.first) }.min()!
        let last = rows.spans[range].lazy.map { Int($0.second) }.max()!
        if passesThrough, first > source.features.end {
            let next = range.upperBound
            let asked = next < rows.count ? rows.latents(of: next..<next + 1).lowerBound - 1 : first
            try source.pass(to: min(first, asked))
        }
        try source.encode(before: last + 1)
    }

    /// Rows until there are enough pixels, or too many latents.
    private func band(from start: Int, rows: PixelAxis, width: Int) -> Range<Int> {
        var end = min(rows.count, start + max(1, Self.bandPixels / width))
        let limit = max(4, Self.bandLatentBytes / (latentKernel.rowCount * 4))
        while end > start + 1 && rows.latents(of: start..<end).count > limit {
            end = start + (end - start) / 2
        }
        return start..<end
    }

    private func decode(
        _ range: Range<Int>, _ grid: PixelGrid, of source: any FeatureSource, firstLatent: Int,
        into colours: UnsafeMutablePointer<Float>
    ) throws {
        let pixels = range.count * grid.columns.count
        let perItem = decoder.blockQueries * Self.blocksPerItem
        nonisolated(unsafe) let (renderer, source, colours) = (self, source, colours)
        try Workers.run((pixels + perItem - 1) / perItem, workers: blocks.count) { worker, item in
            let end = min(pixels, (item + 1) * perItem)
            var pixel = item * perItem
            while pixel < end {
                let next = min(end, pixel + renderer.decoder.blockQueries)
                renderer.decodeBlock(
                    pixel..<next, worker: worker, firstRow: range.lowerBound, grid, of: source,
                    firstLatent: firstLatent, into: colours)
                pixel = next
            }
        }
    }

    /// One block of pixels, counted row by row from the band's start.
    private func decodeBlock(
        _ pixels: Range<Int>, worker: Int, firstRow: Int, _ grid: PixelGrid, of source: any FeatureSource,
        firstLatent: Int, into colours: UnsafeMutablePointer<Float>
    ) {
        let (rows, columns) = (grid.rows, grid.columns)
        let block = blocks[worker]
        let latentWidth = Int32(source.features.width)
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
        decoder.decode(block, latents: memory.latents.floats, worker: worker, into: result)
        guard addsInput else { return }
        let skip = InputSkip(source.pixels, width: source.features.width)
        (y, x) = pixels.lowerBound.quotientAndRemainder(dividingBy: columns.count)
        y += firstRow
        for i in 0..<pixels.count {
            skip.add(y: rows.spans[y], x: columns.spans[x], to: result + 3 * i)
            x += 1
            if x == columns.count { (y, x) = (y + 1, 0) }
        }
    }
}

/// A band's latents and colours; as large as the largest needs.
final class BandMemory {
    fileprivate private(set) var latents = AlignedBuffer(byteCount: 0)
    /// [rows, W, 3]
    fileprivate private(set) var colours = AlignedBuffer(byteCount: 0)

    /// - Parameters:
    ///   - latents: Floats.
    ///   - colours: Floats.
    fileprivate func reserve(latents latentCount: Int, colours colourCount: Int) {
        if latents.byteCount < 4 * latentCount { latents = AlignedBuffer(floats: latentCount) }
        if colours.byteCount < 4 * colourCount { colours = AlignedBuffer(floats: colourCount) }
    }
}
