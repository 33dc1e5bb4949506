import Tensors

/// The decoder's weights in its kernels' layouts, shared by all workers; refreshed when they change.
final class DecoderWeights: @unchecked Sendable {
    private let layout: DecoderLayout
    /// By hidden layer: for the forward product, and (in training) for the gradient of its input.
    let forward: [AlignedBuffer]
    let backward: [AlignedBuffer]
    let biases: [AlignedBuffer]
    /// The first layer's columns for the relative coordinate and cell, each [width].
    let relativeY, relativeX, cellHeight, cellWidth: AlignedBuffer
    /// The last layer, [3, width] and [3].
    let last, lastBias: AlignedBuffer

    init(_ pass: DecoderPass) {
        layout = pass.layout
        forward = pass.forwardProducts.map { AlignedBuffer(byteCount: $0.weightByteCount) }
        backward = pass.backwardProducts.map { AlignedBuffer(byteCount: $0.weightByteCount) }
        biases = layout.hidden.map { AlignedBuffer(floats: $0.outputs) }
        relativeY = AlignedBuffer(floats: layout.firstWidth)
        relativeX = AlignedBuffer(floats: layout.firstWidth)
        cellHeight = AlignedBuffer(floats: layout.firstWidth)
        cellWidth = AlignedBuffer(floats: layout.firstWidth)
        last = AlignedBuffer(floats: layout.last.inputs * layout.last.outputs)
        lastBias = AlignedBuffer(floats: layout.last.outputs)
    }

    /// Packs the parameters anew.
    func refresh(from parameters: AlignedBuffer, pass: DecoderPass) throws {
        let p = parameters.floats
        for (i, layer) in layout.hidden.enumerated() {
            try pass.forwardProducts[i].pack(p, layer.weights, transposed: true, into: forward[i].pointer)
            copyFloats(to: biases[i].floats, from: p + layer.bias, count: layer.outputs)
            if !pass.backwardProducts.isEmpty {
                try pass.backwardProducts[i].pack(p, layer.weights, into: backward[i].pointer)
            }
        }
        for row in 0..<layout.firstWidth {
            let start = row * layout.firstRowStride
            relativeY.floats[row] = p[layout.relativeY + start]
            relativeX.floats[row] = p[layout.relativeX + start]
            if let height = layout.cellHeight, let width = layout.cellWidth {
                cellHeight.floats[row] = p[height + start]
                cellWidth.floats[row] = p[width + start]
            }
        }
        copyFloats(
            to: last.floats, from: p + layout.last.weights.offset,
            count: layout.last.inputs * layout.last.outputs)
        copyFloats(to: lastBias.floats, from: p + layout.last.bias, count: layout.last.outputs)
    }
}
