/// How a feature map is cut into tiles: squares of latents from the top left corner, the last ones smaller.
package struct FeatureTiling: Sendable, Hashable {
    /// Extent of the map in latents.
    package let height, width: Int
    /// Side of a tile in latents.
    package let side: Int

    /// The side unless a caller says otherwise: 64 channels take 8 MB, and the encoder's margin of 34 latents adds
    /// six tenths to the work (Docs/Decisions/0013).
    package static let defaultSide = 256

    /// - Precondition: all are positive.
    package init(height: Int, width: Int, side: Int = defaultSide) {
        precondition(height > 0 && width > 0 && side > 0)
        self.height = height
        self.width = width
        self.side = side
    }

    /// Tiles in each direction.
    package var rows: Int { (height + side - 1) / side }
    package var columns: Int { (width + side - 1) / side }

    /// A tile's place in the tiling.
    package struct Position: Sendable, Hashable {
        package var row, column: Int

        package init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// All places, row by row.
    package var positions: [Position] {
        (0..<rows).flatMap { row in (0..<columns).map { Position(row: row, column: $0) } }
    }

    /// The latents of a tile.
    package func rectangle(_ position: Position) -> LatentRectangle {
        let y = position.row * side, x = position.column * side
        precondition(y >= 0 && x >= 0 && y < height && x < width, "no such tile")
        return LatentRectangle(y: y, x: x, height: min(side, height - y), width: min(side, width - x))
    }

    /// The tiles that hold some latents, row by row.
    package func positions(covering part: LatentRectangle) -> [Position] {
        (part.y / side...(part.y + part.height - 1) / side).flatMap { row in
            (part.x / side...(part.x + part.width - 1) / side).map { Position(row: row, column: $0) }
        }
    }
}
