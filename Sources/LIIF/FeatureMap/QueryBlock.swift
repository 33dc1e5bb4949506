import Tensors

/// Queries with the latents that they ask, laid out as the decoder's kernels read them: a query's rows,
/// one per corner, stand together.
package final class QueryBlock {
    package let capacity: Int
    package let corners: Int
    /// Queries that are filled in.
    package var count = 0
    /// Which latent, by row: y·width + x.
    package let index: UnsafeMutablePointer<Int32>
    /// Relative coordinates and ensemble weights, by row.
    package let relativeY, relativeX, weights: UnsafeMutablePointer<Float>
    private let memory: AlignedBuffer

    package init(capacity: Int, corners: Int) {
        precondition(corners == 1 || corners == 4)
        self.capacity = capacity
        self.corners = corners
        let rows = capacity * corners
        memory = AlignedBuffer(byteCount: 4 * rows * 4)
        index = memory.pointer.assumingMemoryBound(to: Int32.self)
        relativeY = memory.floats + rows
        relativeX = memory.floats + 2 * rows
        weights = memory.floats + 3 * rows
    }

    /// Appends a query given its neighbours for the shifts −1 and 1 (without the ensemble: one, unshifted).
    /// - Parameters:
    ///   - ys: Latent rows.
    ///   - xs: Latent columns.
    ///   - width: Latents in a row of the map.
    ///   - firstRow: The map's row that the latents in memory begin with.
    @inline(__always)
    func append(
        ys: (LocalEnsemble.Neighbour, LocalEnsemble.Neighbour),
        xs: (LocalEnsemble.Neighbour, LocalEnsemble.Neighbour), width: Int32, firstRow: Int32 = 0
    ) {
        let row = count * corners
        count += 1
        if corners == 1 {
            set(row, ys.0, xs.0, width, firstRow)
            weights[row] = 1
            return
        }
        set(row, ys.0, xs.0, width, firstRow)
        set(row + 1, ys.0, xs.1, width, firstRow)
        set(row + 2, ys.1, xs.0, width, firstRow)
        set(row + 3, ys.1, xs.1, width, firstRow)
        let a0 = abs(ys.0.relative * xs.0.relative) + 1e-9
        let a1 = abs(ys.0.relative * xs.1.relative) + 1e-9
        let a2 = abs(ys.1.relative * xs.0.relative) + 1e-9
        let a3 = abs(ys.1.relative * xs.1.relative) + 1e-9
        let sum = a0 + a1 + a2 + a3
        // A latent's weight is the area of the rectangle towards the opposite corner.
        weights[row] = a3 / sum
        weights[row + 1] = a2 / sum
        weights[row + 2] = a1 / sum
        weights[row + 3] = a0 / sum
    }

    @inline(__always)
    private func set(
        _ row: Int, _ y: LocalEnsemble.Neighbour, _ x: LocalEnsemble.Neighbour, _ width: Int32,
        _ firstRow: Int32
    ) {
        index[row] = (y.index - firstRow) * width + x.index
        relativeY[row] = y.relative
        relativeX[row] = x.relative
    }

    /// Replaces the queries by those at any coordinates.
    /// - Parameters:
    ///   - coordinates: [count, 2], (y, x) in −1…1.
    ///   - search: Finds as many latents as the block has corners.
    package func fill(
        _ coordinates: UnsafePointer<Float>, count: Int, search: LatentSearch, cell: Cell, latentHeight: Int,
        latentWidth: Int
    ) {
        precondition(search.corners == corners && count <= capacity)
        self.count = 0
        for q in 0..<count {
            append(
                ys: search.neighbours(of: coordinates[2 * q], cell: cell.height, count: latentHeight),
                xs: search.neighbours(of: coordinates[2 * q + 1], cell: cell.width, count: latentWidth),
                width: Int32(latentWidth))
        }
    }

    /// Fills up with copies of the first query, so that kernels of a fixed extent read valid rows.
    func pad() {
        for row in (count * corners)..<(capacity * corners) {
            index[row] = index[0]
            relativeY[row] = 0
            relativeX[row] = 0
            weights[row] = 0
        }
    }
}
