import Imaging
import Tensors

extension LIIFModel {
    /// The continuous image of a `.liif` file, whose tiles are read as they are needed.
    /// - Throws: `FeatureFileError.otherModel`.
    package func open(_ file: FeatureFile, precision: InferencePrecision = .fastest) throws -> TiledImage {
        try file.check(self)
        let width = file.header.tiling.width
        return TiledImage(
            TileRenderers(self, precision: precision), tiling: file.header.tiling,
            tile: { try file.tile($0) },
            pixels: { part in
                let rows = try file.rows(part.y..<part.bottom, as: UInt16.self).rgb()
                guard part.width < width else { return FloatImage(rows) }
                return FloatImage(rows.cropped(y: 0, x: part.x, height: part.height, width: part.width))
            })
    }
}
