import CTensorKernels
import Tensors

/// The decoding function over a block of queries with hidden layers in integers; the first and the last layer stay
/// in float32.
final class IntegerDecoder: BlockDecoder {
    private let capacity: Int
    private let layers: IntegerLayers
    private let products: [any IntegerProduct]
    /// Two buffers that take turns, [rows, width] and one activation more.
    private let activations: [AlignedBuffer]
    /// The first layer's part for the current cell.
    private var constant: [Float]
    private var rows: Int { capacity * layers.layout.corners }

    /// - Parameter capacity: Queries per block.
    init(_ layers: IntegerLayers, capacity: Int) throws {
        self.layers = layers
        self.capacity = capacity
        let rows = capacity * layers.layout.corners
        products = try layers.hidden.map {
            try layers.format.product(
                rows: rows, inner: $0.inputs, weights: $0.weights, scales: $0.scales, bias: $0.bias)
        }
        let widest = layers.hidden.map(\.outputs).reduce(layers.layout.firstWidth, max)
        activations = (0..<2).map { _ in
            AlignedBuffer(byteCount: (rows * widest + 1) * layers.format.activationBytes)
        }
        constant = [Float](repeating: 0, count: layers.layout.firstWidth)
    }

    func setCell(_ cell: Cell, isGiven: Bool, latentHeight: Int, latentWidth: Int) {
        guard !layers.cellHeight.isEmpty else { return }
        let cell = layers.layout.relativeCell(
            cell, isGiven: isGiven, latentHeight: latentHeight, latentWidth: latentWidth)
        for c in constant.indices {
            constant[c] = cell.height * layers.cellHeight[c] + cell.width * layers.cellWidth[c]
        }
    }

    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, colours: UnsafeMutablePointer<Float>
    ) {
        precondition(block.capacity == capacity && block.count > 0)
        block.pad()
        firstLayer(block, latents)
        for i in products.indices {
            products[i](
                source: activations[i % 2].pointer, destination: activations[(i + 1) % 2].pointer)
        }
        lastLayer(block, colours)
    }

    private func firstLayer(_ block: QueryBlock, _ latents: UnsafePointer<Float>) {
        switch layers.format {
        case .eightBit:
            liif_first_layer_u8(
                activations[0].bytes, latents, block.index, block.relativeY, block.relativeX,
                layers.relativeY, layers.relativeX, constant, layers.firstScale, rows,
                layers.layout.firstWidth)
        case .sixteenBit:
            liif_first_layer_i16(
                activations[0].int16s, latents, block.index, block.relativeY, block.relativeX,
                layers.relativeY, layers.relativeX, constant, layers.firstScale, rows,
                layers.layout.firstWidth)
        }
    }

    private func lastLayer(_ block: QueryBlock, _ colours: UnsafeMutablePointer<Float>) {
        let hidden = activations[products.count % 2]
        let (corners, width) = (layers.layout.corners, layers.layout.last.inputs)
        switch layers.format {
        case .eightBit:
            liif_last_layer_u8(
                colours, nil, hidden.bytes, block.weights, layers.last, layers.lastBias, block.count, corners,
                width)
        case .sixteenBit:
            liif_last_layer_i16(
                colours, nil, hidden.int16s, block.weights, layers.last, layers.lastBias, block.count,
                corners, width)
        }
    }
}
