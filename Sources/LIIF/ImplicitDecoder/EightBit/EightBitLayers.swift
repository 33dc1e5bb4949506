import Tensors

/// The decoding function's weights for 8-bit hidden layers, shared by all workers.
///
/// Activations are whole steps, one size of step a layer; weights are rounded to 8 bits, one size of step an
/// output. A layer's sum is exact, and one multiplication by output turns it into the next layer's steps.
final class EightBitLayers: Sendable {
    struct Layer: Sendable {
        /// [outputs, inputs]
        let weights: [Int8]
        /// Steps of the output per unit of the integer sum, and the bias in steps; by output.
        let scales, bias: [Float]
        let inputs: Int
        var outputs: Int { bias.count }
    }

    let layout: DecoderLayout
    /// Steps per unit of the first layer's activations.
    let firstScale: Float
    /// Hidden layers after the first.
    let hidden: [Layer]
    /// The first layer's columns for the relative coordinate and cell, each [width]; empty without cells.
    let relativeY, relativeX, cellHeight, cellWidth: [Float]
    /// The last layer per step of its inputs, [3, width], and its bias.
    let last, lastBias: [Float]

    init(_ layout: DecoderLayout, parameters: AlignedBuffer, ranges: ActivationRanges) {
        let p = parameters.floats
        let steps = ranges.maxima.map { $0 / 255 }
        self.layout = layout
        firstScale = 1 / steps[0]
        hidden = layout.hidden.enumerated().map { i, layer in
            var weights: [Int8] = []
            var scales: [Float] = []
            weights.reserveCapacity(layer.outputs * layer.inputs)
            for output in 0..<layer.outputs {
                let row = UnsafeBufferPointer(
                    start: p + layer.weights.offset + output * layer.weights.rowStride, count: layer.inputs)
                let greatest = row.reduce(1e-12) { max($0, abs($1)) }
                weights += row.map { Int8(($0 / greatest * 127).rounded()) }
                scales.append(greatest / 127 * steps[i] / steps[i + 1])
            }
            let bias = (0..<layer.outputs).map { p[layer.bias + $0] / steps[i + 1] }
            return Layer(weights: weights, scales: scales, bias: bias, inputs: layer.inputs)
        }
        func column(_ start: Int?) -> [Float] {
            guard let start else { return [] }
            return (0..<layout.firstWidth).map { p[start + $0 * layout.firstRowStride] }
        }
        relativeY = column(layout.relativeY)
        relativeX = column(layout.relativeX)
        cellHeight = column(layout.cellHeight)
        cellWidth = column(layout.cellWidth)
        let step = steps[steps.count - 1]
        last = (0..<(layout.last.inputs * layout.last.outputs)).map {
            p[layout.last.weights.offset + $0] * step
        }
        lastBias = (0..<layout.last.outputs).map { p[layout.last.bias + $0] }
    }
}
