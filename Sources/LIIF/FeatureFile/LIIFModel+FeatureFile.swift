import Imaging
import Tensors

extension LIIFModel {
    /// The continuous image of a `.liif` file, whose tiles are read as they are needed.
    /// - Throws: what `FeatureFile.check` throws.
    package func open(_ file: FeatureFile, precision: InferencePrecision = .fastest) throws -> TiledImage {
        try file.check(self)
        return TiledImage(
            TileRenderers(self, precision: precision), tiling: file.header.tiling,
            tile: { try file.tile($0) },
            pixels: { FloatImage(try file.pixels($0, as: UInt16.self).rgb()) })
    }
}
