import CTensorKernels
import Tensors

/// The decoding function over a block of queries with 8-bit hidden layers; the first and the last layer stay
/// in float32.
final class EightBitDecoder: BlockDecoder {
    private let capacity: Int
    private let layers: EightBitLayers
    private let products: [EightBitProduct]
    private let weights, biases: [AlignedBuffer]
    /// Two buffers that take turns, [rows, width].
    private let activations: [AlignedBuffer]
    /// The first layer's part for the current cell.
    private var constant: [Float]

    /// - Parameter capacity: Queries per block.
    init(_ layers: EightBitLayers, capacity: Int) throws {
        self.layers = layers
        self.capacity = capacity
        let rows = capacity * layers.layout.corners
        products = try layers.hidden.map {
            try EightBitProduct(rows: rows, columns: $0.outputs, inner: $0.inputs, scales: $0.scales)
        }
        weights = products.map { AlignedBuffer(byteCount: $0.weightByteCount) }
        biases = layers.hidden.map { AlignedBuffer(floats: $0.outputs) }
        for (i, layer) in layers.hidden.enumerated() {
            try products[i].pack(layer.weights, into: weights[i].pointer)
            products[i].pack(bias: layer.bias, into: biases[i].floats)
        }
        let widest = layers.hidden.map(\.outputs).reduce(layers.layout.firstWidth, max)
        activations = (0..<2).map { _ in AlignedBuffer(byteCount: rows * widest) }
        constant = [Float](repeating: 0, count: layers.layout.firstWidth)
    }

    func setCell(_ cell: Cell, latentHeight: Int, latentWidth: Int) {
        guard !layers.cellHeight.isEmpty else { return }
        let height = cell.height * Float(latentHeight)
        let width = cell.width * Float(latentWidth)
        for c in constant.indices {
            constant[c] = height * layers.cellHeight[c] + width * layers.cellWidth[c]
        }
    }

    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, colours: UnsafeMutablePointer<Float>
    ) {
        precondition(block.capacity == capacity && block.count > 0)
        let corners = layers.layout.corners
        block.pad()
        liif_first_layer_u8(
            activations[0].bytes, latents, block.index, block.relativeY, block.relativeX, layers.relativeY,
            layers.relativeX, constant, layers.firstScale, capacity * corners, layers.layout.firstWidth)
        for i in products.indices {
            products[i](
                source: activations[i % 2].pointer, weights: weights[i].pointer, bias: biases[i].pointer,
                destination: activations[(i + 1) % 2].pointer)
        }
        liif_last_layer_u8(
            colours, nil, activations[products.count % 2].bytes, block.weights, layers.last, layers.lastBias,
            block.count, corners, layers.layout.last.inputs)
    }
}
