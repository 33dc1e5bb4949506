import Tensors

/// The decoding function's weights for hidden layers in integers, shared by all workers.
///
/// Activations are whole steps, one size of step a layer; weights are too, one size of step an output. A layer's sum
/// is exact, and one multiplication by output turns it into the next layer's steps.
final class IntegerLayers: Sendable {
    struct Layer: Sendable {
        /// [outputs, inputs]
        let weights: [Int16]
        /// Steps of the output per unit of the integer sum, and the bias in steps; by output.
        let scales, bias: [Float]
        let inputs: Int
        var outputs: Int { bias.count }
    }

    let layout: DecoderLayout
    let format: IntegerFormat
    /// Steps per unit of the first layer's activations.
    let firstScale: Float
    /// Hidden layers after the first.
    let hidden: [Layer]
    /// The first layer's columns for the relative coordinate and cell, each [width]; empty without cells.
    let relativeY, relativeX, cellHeight, cellWidth: [Float]
    /// The last layer per step of its inputs, [3, width], and its bias.
    let last, lastBias: [Float]

    /// - Returns: nil where activations exceed what a float can hold, so that no step has a size.
    init?(
        _ layout: DecoderLayout, format: IntegerFormat, parameters: AlignedBuffer, ranges: ActivationRanges
    ) {
        let p = parameters.floats
        let steps = ranges.maxima.map { $0 * format.rangeMargin / format.greatestActivation }
        self.layout = layout
        self.format = format
        firstScale = 1 / steps[0]
        hidden = layout.hidden.enumerated().map { i, layer in
            var weights: [Int16] = []
            var scales: [Float] = []
            weights.reserveCapacity(layer.outputs * layer.inputs)
            for output in 0..<layer.outputs {
                let row = UnsafeBufferPointer(
                    start: p + layer.weights.offset + output * layer.weights.rowStride, count: layer.inputs)
                let stepsPerUnit = format.stepsPerUnit(of: row)
                weights += row.map { Int16(($0 * stepsPerUnit).rounded()) }
                scales.append(steps[i] / steps[i + 1] / stepsPerUnit)
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
        let scales = [firstScale] + hidden.flatMap(\.scales)
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    }
}
