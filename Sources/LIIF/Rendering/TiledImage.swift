package import Imaging
import Synchronization
import Tensors

/// A continuous image whose features lie in tiles that somebody else keeps: in a cache, in a `.liif` file. Shows any
/// part at any resolution in memory that grows neither with the picture nor with the result.
package final class TiledImage: Sendable {
    package let model: LIIFModel
    package let tiling: FeatureTiling
    private let renderers: TileRenderers
    private let tile: @Sendable (FeatureTiling.Position) throws -> FeatureTile
    private let pixels: @Sendable (LatentRectangle) throws -> FloatImage

    /// - Parameters:
    ///   - renderers: Shared by the images of one model.
    ///   - tile: Gives a tile, computed or from a store.
    ///   - pixels: Gives a part of the picture, colours in 0…1, three channels; asked only with the input skip.
    package init(
        _ renderers: TileRenderers, tiling: FeatureTiling,
        tile: @escaping @Sendable (FeatureTiling.Position) throws -> FeatureTile,
        pixels: @escaping @Sendable (LatentRectangle) throws -> FloatImage
    ) {
        (self.renderers, self.tiling) = (renderers, tiling)
        model = renderers.model
        (self.tile, self.pixels) = (tile, pixels)
    }

    /// The image, or a part of it, to be taken strip by strip.
    /// - Parameters:
    ///   - region: The part to show, inside the image; nil for all.
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - cell: The pixel's extent that the decoder is told; nil for the true one, within the model's limit.
    package func strips(_ region: Region? = nil, height: Int, width: Int, cell: Cell? = nil) -> TiledStrips {
        let view = PixelView(
            region, height: height, width: width, sourceHeight: tiling.height, sourceWidth: tiling.width,
            cell: cell)
        return TiledStrips(
            image: self, grid: PixelGrid(view, search: renderers.search),
            rowsPerBlock: Self.blockExtent(pitch: view.region.height / Double(height)),
            columnsPerBlock: Self.blockExtent(pitch: view.region.width / Double(width)))
    }

    /// The image, or a part of it, at once.
    /// - Parameter checkpoint: Called before every block; throws to give up.
    /// - Returns: Colours in 0…1, [height, width, 3].
    package func rendered(
        _ region: Region? = nil, height: Int, width: Int, checkpoint: () throws -> Void = {}
    ) throws -> FloatImage {
        var strips = strips(region, height: height, width: width)
        var values: [Float] = []
        values.reserveCapacity(height * width * 3)
        while let strip = try strips.next(checkpoint: checkpoint) { values.append(contentsOf: strip.values) }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }

    /// Pixels of a block: at most 512, and not more than 512 latents.
    private static func blockExtent(pitch: Double) -> Int { max(1, Int(512 / max(pitch, 1))) }

    fileprivate func renderBlock(_ grid: PixelGrid, rows: Range<Int>, columns: Range<Int>) throws
        -> FloatImage
    {
        // One latent around those that are asked: their 3×3 neighbourhood.
        let ys = grid.rows.window(of: rows, count: tiling.height)
        let xs = grid.columns.window(of: columns, count: tiling.width)
        let window = LatentRectangle(
            y: ys.lowerBound, x: xs.lowerBound, height: ys.count, width: xs.count)
        let source = try features(window)
        let part = grid.part(rows: rows, columns: columns, originRow: window.y, column: window.x)
        var values: [Float] = []
        values.reserveCapacity(rows.count * columns.count * 3)
        try renderers.with(source) { renderer in
            try renderer.begin(
                part, sourceHeight: tiling.height, sourceWidth: tiling.width, passesThrough: false)
            while let (rows, colours) = try renderer.nextBand() {
                values.append(
                    contentsOf: model.normalization.truth.image(
                        colours, height: rows.count, width: columns.count
                    ).values)
            }
        }
        return FloatImage(height: rows.count, width: columns.count, channels: 3, values: values)
    }

    /// A window of the map, gathered from its tiles; zeros to the right, up to a width that a renderer has.
    private func features(_ window: LatentRectangle) throws -> StoredFeatures {
        let width = TileRenderers.width(holding: window.width)
        let channels = model.configuration.encoder.featureChannels
        let precision = renderers.precision.features
        let map = FeatureMap(height: window.height, width: width, channels: channels, precision: precision)
        let target = map.append(window.height)
        let latentBytes = channels * precision.bytes
        for position in tiling.positions(covering: window) {
            let tile = try tile(position)
            // What follows is no safer than this.
            precondition(tile.channels == channels && tile.rectangle == tiling.rectangle(position))
            guard let part = tile.rectangle.intersection(window) else { continue }
            for y in part.y..<part.bottom {
                let offset = ((y - window.y) * width + part.x - window.x) * latentBytes
                tile.copy(row: y, columns: part.x..<part.right, to: target + offset, precision: precision)
            }
        }
        let skip = renderers.addsInput
        let pixels = RowWindow(
            height: window.height, rowBytes: width * 12, capacity: skip ? window.height : 0)
        if skip {
            let image = try self.pixels(window)
            let row = pixels.append(window.height).assumingMemoryBound(to: Float.self)
            for y in 0..<window.height {
                for x in 0..<window.width {
                    for c in 0..<3 {
                        row[(y * width + x) * 3 + c] = model.normalization.input.normalized(
                            image.values[(y * window.width + x) * 3 + c], channel: c)
                    }
                }
            }
        }
        return StoredFeatures(features: map, pixels: pixels)
    }
}

/// The strips of a tiled image from its top.
package struct TiledStrips {
    fileprivate let image: TiledImage
    fileprivate let grid: PixelGrid
    fileprivate let rowsPerBlock, columnsPerBlock: Int
    private var top = 0

    fileprivate init(image: TiledImage, grid: PixelGrid, rowsPerBlock: Int, columnsPerBlock: Int) {
        (self.image, self.grid) = (image, grid)
        (self.rowsPerBlock, self.columnsPerBlock) = (rowsPerBlock, columnsPerBlock)
    }

    /// The next strip of full width, colours in 0…1; nil after the last.
    /// - Parameter checkpoint: Called before every block; throws to give up.
    package mutating func next(checkpoint: () throws -> Void = {}) throws -> FloatImage? {
        let (height, width) = (grid.rows.count, grid.columns.count)
        guard top < height else { return nil }
        let rows = top..<min(height, top + rowsPerBlock)
        var values = [Float](repeating: 0, count: rows.count * width * 3)
        for left in stride(from: 0, to: width, by: columnsPerBlock) {
            try checkpoint()
            let columns = left..<min(width, left + columnsPerBlock)
            let block = try image.renderBlock(grid, rows: rows, columns: columns)
            for y in 0..<rows.count {
                let target = (y * width + left) * 3, source = y * columns.count * 3
                values.replaceSubrange(
                    target..<target + columns.count * 3,
                    with: block.values[source..<source + columns.count * 3])
            }
        }
        top = rows.upperBound
        return FloatImage(height: rows.count, width: width, channels: 3, values: values)
    }
}
