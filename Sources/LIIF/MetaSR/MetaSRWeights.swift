import Tensors

/// The meta-upscale module's weights as its kernels read them.
final class MetaSRWeights: @unchecked Sendable {
    let layout: MetaSRLayout
    /// The hidden layer's columns for the relative coordinate and the cell, and its bias, each [width].
    let relativeY, relativeX, cell, bias: AlignedBuffer
    /// The convolution that makes the tables, [tableSize, 9·D], and its bias of zeros.
    let table, tableBias: AlignedBuffer

    init(_ layout: MetaSRLayout) {
        self.layout = layout
        relativeY = AlignedBuffer(floats: layout.width)
        relativeX = AlignedBuffer(floats: layout.width)
        cell = AlignedBuffer(floats: layout.width)
        bias = AlignedBuffer(floats: layout.width)
        table = AlignedBuffer(floats: layout.tableSize * layout.tableInputs)
        tableBias = AlignedBuffer(floats: layout.tableSize)
    }

    /// The table's convolution as plain weights of `table`.
    var plain: PlainWeights { PlainWeights(offset: 0, rowStride: layout.tableInputs) }

    /// Takes new parameters into use.
    func refresh(from parameters: AlignedBuffer) {
        let p = parameters.floats
        for j in 0..<layout.width {
            relativeY.floats[j] = p[layout.hiddenWeight + 3 * j]
            relativeX.floats[j] = p[layout.hiddenWeight + 3 * j + 1]
            cell.floats[j] = p[layout.hiddenWeight + 3 * j + 2]
        }
        copyFloats(to: bias.floats, from: p + layout.hiddenBias, count: layout.width)
        // Row (o, j) of the table is column o·width + j of the matrices as the file has them, [9·D, 3·width].
        transpose(
            p + layout.matrixWeight, rows: layout.tableInputs, columns: 3 * layout.width, into: table.floats)
        transpose(
            p + layout.matrixBias, rows: layout.tableInputs, columns: 3,
            into: table.floats + 3 * layout.width * layout.tableInputs)
        withExtendedLifetime(parameters) {}
    }

    /// The hidden layer's bias with the cell's part, [width].
    /// - Parameter cell: In latent spacings.
    func setConstant(_ constant: AlignedBuffer, cell: Float) {
        for j in 0..<layout.width { constant.floats[j] = bias.floats[j] + cell * self.cell.floats[j] }
    }
}

extension Cell {
    /// What MetaSR is told of a pixel's extent: its height in latent spacings.
    func height(inLatentsOf count: Int) -> Float { height * Float(Double(count) / 2) }
}

/// target[c, r] = source[r, c], in blocks that stay in the cache.
func transpose(
    _ source: UnsafePointer<Float>, rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>
) {
    let block = 16
    for firstRow in stride(from: 0, to: rows, by: block) {
        for column in 0..<columns {
            for row in firstRow..<min(rows, firstRow + block) {
                target[column * rows + row] = source[row * columns + column]
            }
        }
    }
}
