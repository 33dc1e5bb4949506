import CTensorKernels
import Tensors

/// The decoding function over a block of queries: forward, and backward beside it. One per worker.
///
/// A block's activations fit a core's L2 cache and stay there from the first layer to the colours.
final class DecoderPass: @unchecked Sendable {
    let layout: DecoderLayout
    let precision: Precision
    let capacity: Int
    var corners: Int { layout.corners }
    var rows: Int { capacity * corners }
    /// Hidden activations, [rows, width] by layer; without training two buffers take turns.
    private(set) var activations: [AlignedBuffer] = []
    let forwardProducts: [MatrixProduct]
    // For the backward pass only.
    let backwardProducts: [MatrixProduct]
    let weightProducts: [MatrixProduct]
    private(set) var gradients: [AlignedBuffer] = []
    let meanHidden: AlignedBuffer?
    /// The first layer's bias with the cell's part, for the current cell.
    let constant: AlignedBuffer

    /// - Parameters:
    ///   - capacity: Queries per block. 64 with the ensemble are 256 rows, the measured optimum.
    ///   - training: Whether there will be backward passes.
    ///   - keepsActivations: Whether each hidden layer's stay until the next block; they do in training.
    init(
        _ layout: DecoderLayout, capacity: Int, precision: Precision, training: Bool,
        keepsActivations: Bool = false
    ) throws {
        self.layout = layout
        self.capacity = capacity
        self.precision = precision
        let rows = capacity * layout.corners
        forwardProducts = try layout.hidden.map {
            try MatrixProduct(
                rows: rows, columns: $0.outputs, inner: $0.inputs, source: precision, destination: precision,
                packedWeights: true, bias: true, relu: true)
        }
        backwardProducts = try (training ? layout.hidden : []).map {
            try MatrixProduct(
                rows: rows, columns: $0.inputs, inner: $0.outputs, source: precision, destination: precision,
                packedWeights: true)
        }
        weightProducts = try (training ? layout.hidden : []).map {
            try MatrixProduct(
                rows: $0.outputs, columns: $0.inputs, inner: rows, source: precision, destination: .float32,
                transposedSource: true, packedWeights: false, accumulate: true)
        }
        let widths = [layout.firstWidth] + layout.hidden.map(\.outputs)
        let widest = widths.max()!
        if training || keepsActivations {
            activations = widths.map { AlignedBuffer(count: rows * $0, precision: precision) }
        } else {
            let pair = (0..<2).map { _ in AlignedBuffer(count: rows * widest, precision: precision) }
            activations = widths.indices.map { pair[$0 % 2] }
        }
        gradients = (0..<(training ? 2 : 0)).map { _ in
            AlignedBuffer(count: rows * widest, precision: precision)
        }
        meanHidden = training ? AlignedBuffer(floats: capacity * layout.last.inputs) : nil
        constant = AlignedBuffer(floats: layout.firstWidth)
    }

    /// Sets the relative cell, `DecoderLayout.relativeCell`, for the blocks to come.
    func setCell(
        _ cell: Cell, isGiven: Bool = false, latentHeight: Int, latentWidth: Int, weights: DecoderWeights
    ) {
        guard layout.cellHeight != nil else { return }
        let cell = layout.relativeCell(
            cell, isGiven: isGiven, latentHeight: latentHeight, latentWidth: latentWidth)
        for c in 0..<layout.firstWidth {
            constant.floats[c] =
                cell.height * weights.cellHeight.floats[c] + cell.width * weights.cellWidth.floats[c]
        }
    }

    /// Colours of a block of queries.
    /// - Parameters:
    ///   - latents: The first layer's convolution, [H, W, width]; the block's indices count its positions.
    ///   - colours: The result, [queries, 3], −1…1.
    func forward(
        _ block: QueryBlock, latents: UnsafePointer<Float>, weights: DecoderWeights,
        colours: UnsafeMutablePointer<Float>
    ) {
        precondition(block.capacity == capacity && block.corners == corners && block.count > 0)
        block.pad()
        firstLayer(block, latents, weights)
        for i in forwardProducts.indices {
            forwardProducts[i](
                source: activations[i].pointer, weights: weights.forward[i].pointer,
                bias: weights.biases[i].pointer, destination: activations[i + 1].pointer)
        }
        let hidden = activations[activations.count - 1]
        let mean = meanHidden?.floats
        switch precision {
        case .float32:
            liif_last_layer_float(
                colours, mean, hidden.floats, block.weights, weights.last.floats, weights.lastBias.floats,
                block.count, corners, layout.last.inputs)
        case .bfloat16:
            liif_last_layer_bf16(
                colours, mean, hidden.bfloat16s, block.weights, weights.last.floats, weights.lastBias.floats,
                block.count, corners, layout.last.inputs)
        }
    }

    private func firstLayer(_ block: QueryBlock, _ latents: UnsafePointer<Float>, _ weights: DecoderWeights) {
        switch precision {
        case .float32:
            liif_first_layer_float(
                activations[0].floats, latents, block.index, block.relativeY, block.relativeX,
                weights.relativeY.floats, weights.relativeX.floats, constant.floats, rows, layout.firstWidth)
        case .bfloat16:
            liif_first_layer_bf16(
                activations[0].bfloat16s, latents, block.index, block.relativeY, block.relativeX,
                weights.relativeY.floats, weights.relativeX.floats, constant.floats, rows, layout.firstWidth)
        }
    }
}
