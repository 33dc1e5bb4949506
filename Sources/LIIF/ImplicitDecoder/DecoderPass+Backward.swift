import CTensorKernels
import Tensors

/// One lane's gradients of the decoder's parameters, in plain layout; see `GraphGradients` for lanes.
final class DecoderGradients: @unchecked Sendable {
    /// By hidden layer, [outputs, inputs] and [outputs].
    let hidden, biases: [AlignedBuffer]
    /// Of the first layer's columns for the relative coordinate and cell, each [width].
    let relativeY, relativeX, cellHeight, cellWidth: AlignedBuffer
    let last, lastBias: AlignedBuffer
    /// A sample's ∑ of the first layer's gradients, from which its cell's follow.
    let sum: AlignedBuffer
    private let layout: DecoderLayout

    init(_ layout: DecoderLayout) {
        self.layout = layout
        hidden = layout.hidden.map { AlignedBuffer(floats: $0.inputs * $0.outputs) }
        biases = layout.hidden.map { AlignedBuffer(floats: $0.outputs) }
        relativeY = AlignedBuffer(floats: layout.firstWidth)
        relativeX = AlignedBuffer(floats: layout.firstWidth)
        cellHeight = AlignedBuffer(floats: layout.firstWidth)
        cellWidth = AlignedBuffer(floats: layout.firstWidth)
        sum = AlignedBuffer(floats: layout.firstWidth)
        last = AlignedBuffer(floats: layout.last.inputs * layout.last.outputs)
        lastBias = AlignedBuffer(floats: layout.last.outputs)
    }

    private var all: [AlignedBuffer] {
        hidden + biases + [relativeY, relativeX, cellHeight, cellWidth, last, lastBias]
    }

    /// Forgets what was added.
    func clear() { all.forEach { $0.zero() } }

    /// Ends a sample whose queries share a cell: the cell's gradient is the rows' sum times the cell.
    func finishSample(_ cell: Cell, latentHeight: Int, latentWidth: Int) {
        let cell = layout.relativeCell(cell, latentHeight: latentHeight, latentWidth: latentWidth)
        for c in 0..<layout.firstWidth {
            cellHeight.floats[c] += sum.floats[c] * cell.height
            cellWidth.floats[c] += sum.floats[c] * cell.width
        }
        sum.zero()
    }

    /// Sums the lanes in order and puts the result into the decoder's part of the flat gradient.
    static func reduce(_ lanes: [DecoderGradients], into gradient: AlignedBuffer) {
        let total = lanes[0]
        for lane in lanes.dropFirst() {
            for (sum, part) in zip(total.all, lane.all) {
                liif_add(sum.floats, part.floats, sum.byteCount / 4)
            }
        }
        let layout = total.layout
        let g = gradient.floats
        for (i, layer) in layout.hidden.enumerated() {
            copyFloats(
                to: g + layer.weights.offset, from: total.hidden[i].floats,
                count: layer.inputs * layer.outputs)
            copyFloats(to: g + layer.bias, from: total.biases[i].floats, count: layer.outputs)
        }
        for row in 0..<layout.firstWidth {
            let start = row * layout.firstRowStride
            g[layout.relativeY + start] = total.relativeY.floats[row]
            g[layout.relativeX + start] = total.relativeX.floats[row]
            if let height = layout.cellHeight, let width = layout.cellWidth {
                g[height + start] = total.cellHeight.floats[row]
                g[width + start] = total.cellWidth.floats[row]
            }
        }
        copyFloats(
            to: g + layout.last.weights.offset, from: total.last.floats,
            count: layout.last.inputs * layout.last.outputs)
        copyFloats(to: g + layout.last.bias, from: total.lastBias.floats, count: layout.last.outputs)
    }
}

extension DecoderPass {
    /// After `forward` on the same block: adds the parameters' gradients to `lane` and the latents' to
    /// `latentGradient` [H, W, width], which is scattered into and so must begin as zeros.
    /// - Parameter colourGradient: [queries, 3].
    func backward(
        _ block: QueryBlock, colourGradient: UnsafePointer<Float>, weights: DecoderWeights,
        latentGradient: UnsafeMutablePointer<Float>, into lane: DecoderGradients
    ) {
        var gradient = gradients[0], other = gradients[1]
        // Rows that only fill up the block contribute nothing.
        if block.count < capacity { gradient.zero() }
        lastLayerBackward(block, colourGradient, weights, gradient, lane)
        for i in layout.hidden.indices.reversed() {
            let layer = layout.hidden[i]
            // At this point `gradient` is masked by layer i's rectifier.
            addRows(gradient, width: layer.outputs, to: lane.biases[i].floats)
            weightProducts[i](
                source: gradient.pointer, weights: activations[i].pointer, destination: lane.hidden[i].pointer
            )
            backwardProducts[i](
                source: gradient.pointer, weights: weights.backward[i].pointer, destination: other.pointer)
            mask(other, by: activations[i], count: rows * layer.inputs)
            swap(&gradient, &other)
        }
        let filled = block.count * corners
        switch precision {
        case .float32:
            liif_first_layer_backward_float(
                latentGradient, lane.relativeY.floats, lane.relativeX.floats, lane.sum.floats,
                gradient.floats,
                block.index, block.relativeY, block.relativeX, filled, layout.firstWidth)
        case .bfloat16:
            liif_first_layer_backward_bf16(
                latentGradient, lane.relativeY.floats, lane.relativeX.floats, lane.sum.floats,
                gradient.bfloat16s, block.index, block.relativeY, block.relativeX, filled, layout.firstWidth)
        }
    }

    private func lastLayerBackward(
        _ block: QueryBlock, _ colourGradient: UnsafePointer<Float>, _ weights: DecoderWeights,
        _ gradient: AlignedBuffer, _ lane: DecoderGradients
    ) {
        let hidden = activations[activations.count - 1]
        switch precision {
        case .float32:
            liif_last_layer_backward_float(
                gradient.floats, lane.last.floats, lane.lastBias.floats, colourGradient, hidden.floats,
                meanHidden!.floats, block.weights, weights.last.floats, block.count, corners,
                layout.last.inputs)
        case .bfloat16:
            liif_last_layer_backward_bf16(
                gradient.bfloat16s, lane.last.floats, lane.lastBias.floats, colourGradient, hidden.bfloat16s,
                meanHidden!.floats, block.weights, weights.last.floats, block.count, corners,
                layout.last.inputs)
        }
    }

    private func addRows(_ x: AlignedBuffer, width: Int, to sum: UnsafeMutablePointer<Float>) {
        switch precision {
        case .float32: liif_add_rows_float(sum, x.floats, rows, width)
        case .bfloat16: liif_add_rows_bf16(sum, x.bfloat16s, rows, width)
        }
    }

    private func mask(_ gradient: AlignedBuffer, by output: AlignedBuffer, count: Int) {
        switch precision {
        case .float32: liif_rectifier_backward_float(gradient.floats, output.floats, count)
        case .bfloat16: liif_rectifier_backward_bf16(gradient.bfloat16s, output.bfloat16s, count)
        }
    }
}
