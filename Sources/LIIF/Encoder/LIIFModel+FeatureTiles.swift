package import Imaging
import NeuralNetwork
package import Tensors

extension LIIFModel {
    /// How far a latent reads around its pixel.
    var receptiveRadius: Int {
        let encoder = network.encoder
        return encoder.receptiveRadii[encoder.output.index]
    }

    /// Encodes one tile of a picture from its pixels and a margin of the receptive radius, which makes its latents
    /// those of the whole picture's.
    /// - Parameters:
    ///   - pixels: Gives a part of the picture, colours in 0…1, three channels.
    ///   - checkpoint: Called now and then; throws to give up.
    package func encodeTile(
        _ position: FeatureTiling.Position, of tiling: FeatureTiling, precision: Precision = .fastest,
        pixels: (LatentRectangle) throws -> FloatImage, checkpoint: () throws -> Void = {}
    ) throws -> FeatureTile {
        let rectangle = tiling.rectangle(position)
        let part = rectangle.expanded(by: receptiveRadius, height: tiling.height, width: tiling.width)
        let encoder = try ImageEncoder(self, pixels(part), precision: precision, keepsAll: false)
        let tile = FeatureTile(rectangle, channels: configuration.encoder.featureChannels)
        for y in rectangle.y..<rectangle.bottom {
            try checkpoint()
            try encoder.encode(before: y - part.y + 1)
            tile.fill(row: y, from: encoder.features, at: y - part.y, column: rectangle.x - part.x)
            // Leaving memory moves what stays, so not after each row.
            if y % 16 == 0 { encoder.discard(before: y - part.y) }
        }
        return tile
    }

    /// Encodes a whole picture that arrives from the top, tile by tile in the tiling's order; nothing is computed
    /// twice, and the memory grows with the width only.
    /// - Parameters:
    ///   - source: Gives the next rows, as many as asked for, colours in 0…1, three channels.
    ///   - tile: Receives the tiles.
    package func encodeTiles(
        _ tiling: FeatureTiling, precision: Precision = .fastest, source: (_ count: Int) throws -> FloatImage,
        tile: (FeatureTiling.Position, FeatureTile) throws -> Void
    ) throws {
        try withoutActuallyEscaping(source) { source in
            let encoder = try ImageEncoder(
                self, height: tiling.height, width: tiling.width, precision: precision, keepsAll: false,
                source: source)
            for row in 0..<tiling.rows {
                let positions = (0..<tiling.columns).map { FeatureTiling.Position(row: row, column: $0) }
                let tiles = positions.map {
                    FeatureTile(tiling.rectangle($0), channels: configuration.encoder.featureChannels)
                }
                for y in tiles[0].rectangle.y..<tiles[0].rectangle.bottom {
                    try encoder.encode(before: y + 1)
                    for tile in tiles {
                        tile.fill(row: y, from: encoder.features, at: y, column: tile.rectangle.x)
                    }
                    if y % 16 == 0 { encoder.discard(before: y) }
                }
                for (position, made) in zip(positions, tiles) { try tile(position, made) }
            }
        }
    }
}

extension FeatureTile {
    /// Takes over a row, in the map's coordinates, from a row and column of a map in memory.
    fileprivate func fill(row y: Int, from map: FeatureMap, at row: Int, column: Int) {
        fill(
            row: y, from: map.row(row) + column * map.channels * map.precision.bytes, precision: map.precision
        )
    }
}
