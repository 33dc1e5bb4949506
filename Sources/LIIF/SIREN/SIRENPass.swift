import CTensorKernels
import Tensors

/// A SIREN over a block of coordinates: forward, and backward beside it. One per worker, in float32.
final class SIRENPass: @unchecked Sendable {
    /// Rows of a block: 128 rows of 256 channels through three layers fit a core's L2 cache.
    static let capacity = 128

    let layout: SIRENLayout
    private let frequency: Float
    /// Coordinates [rows, 2] and every layer's output, [rows, width].
    private let activations: [AlignedBuffer]
    // For the backward pass only.
    /// The sines' derivatives by layer, [rows, width].
    private let slopes: [AlignedBuffer]
    private var gradients: [AlignedBuffer]
    let forwardProducts, backwardProducts, weightProducts: [MatrixProduct]

    init(_ layout: SIRENLayout, frequency: Float, training: Bool) throws {
        self.layout = layout
        self.frequency = frequency
        let rows = Self.capacity
        activations = ([2] + layout.layers.map(\.outputs)).map { AlignedBuffer(floats: rows * $0) }
        slopes = (training ? layout.layers.dropLast() : []).map { AlignedBuffer(floats: rows * $0.outputs) }
        let widest = layout.layers.map { max($0.inputs, $0.outputs) }.max()!
        gradients = (0..<(training ? 2 : 0)).map { _ in AlignedBuffer(floats: rows * widest) }
        forwardProducts = try layout.layers.map {
            try MatrixProduct(
                rows: rows, columns: $0.outputs, inner: $0.inputs, source: .float32, destination: .float32,
                packedWeights: true, bias: true)
        }
        // Nobody asks for the gradient of the coordinates.
        backwardProducts = try (training ? layout.layers.dropFirst() : []).map {
            try MatrixProduct(
                rows: rows, columns: $0.inputs, inner: $0.outputs, source: .float32, destination: .float32,
                packedWeights: true)
        }
        weightProducts = try (training ? layout.layers : []).map {
            try MatrixProduct(
                rows: $0.outputs, columns: $0.inputs, inner: rows, source: .float32, destination: .float32,
                transposedSource: true, packedWeights: false, accumulate: true)
        }
    }

    /// Puts a query into the block; rows that are not set keep what they hold.
    func setCoordinate(_ row: Int, y: Float, x: Float) {
        activations[0].floats[2 * row] = y
        activations[0].floats[2 * row + 1] = x
    }

    /// Colours of the block, [rows, 3], −1…1 and beyond.
    var output: UnsafeMutablePointer<Float> { activations[activations.count - 1].floats }

    /// The gradient of the loss by `output`, to be set before `backward`.
    var outputGradient: UnsafeMutablePointer<Float> { gradients[0].floats }

    /// Colours of the coordinates that were set.
    func forward(_ weights: SIRENWeights) {
        for (i, layer) in layout.layers.enumerated() {
            let result = activations[i + 1]
            forwardProducts[i](
                source: activations[i].pointer, weights: weights.forward[i].pointer,
                bias: weights.biases[i].pointer, destination: result.pointer)
            guard i + 1 < layout.layers.count else { return }
            let count = Self.capacity * layer.outputs
            if slopes.isEmpty {
                liif_sine(result.floats, frequency, count)
            } else {
                liif_sine_and_slope(result.floats, slopes[i].floats, frequency, count)
            }
        }
    }

    /// After `forward` and with `outputGradient` set: adds the parameters' gradients to `lane`.
    func backward(_ weights: SIRENWeights, into lane: SIRENGradients) {
        var gradient = gradients[0], other = gradients[1]
        for (i, layer) in layout.layers.enumerated().reversed() {
            if i < slopes.count {
                liif_multiply(gradient.floats, slopes[i].floats, Self.capacity * layer.outputs)
            }
            liif_add_rows_float(lane.biases[i].floats, gradient.floats, Self.capacity, layer.outputs)
            weightProducts[i](
                source: gradient.pointer, weights: activations[i].pointer,
                destination: lane.weights[i].pointer)
            guard i > 0 else { return }
            backwardProducts[i - 1](
                source: gradient.pointer, weights: weights.backward[i - 1].pointer,
                destination: other.pointer)
            swap(&gradient, &other)
        }
    }
}

/// A SIREN's weights in its products' layouts, shared by all workers.
final class SIRENWeights: @unchecked Sendable {
    /// By layer; `backward` from the second one on.
    let forward, backward, biases: [AlignedBuffer]

    init(_ pass: SIRENPass) {
        forward = pass.forwardProducts.map { AlignedBuffer(byteCount: $0.weightByteCount) }
        backward = pass.backwardProducts.map { AlignedBuffer(byteCount: $0.weightByteCount) }
        biases = pass.layout.layers.map { AlignedBuffer(floats: $0.outputs) }
    }

    /// Packs the parameters anew.
    func refresh(from parameters: AlignedBuffer, pass: SIRENPass) throws {
        for (i, layer) in pass.layout.layers.enumerated() {
            try pass.forwardProducts[i].pack(
                parameters.floats, layer.weights, transposed: true, into: forward[i].pointer)
            if i > 0, !backward.isEmpty {
                try pass.backwardProducts[i - 1].pack(
                    parameters.floats, layer.weights, into: backward[i - 1].pointer)
            }
            copyFloats(to: biases[i].floats, from: parameters.floats + layer.bias, count: layer.outputs)
        }
    }
}

/// One lane's sums of a SIREN's gradients and loss.
final class SIRENGradients: @unchecked Sendable {
    /// By layer, [outputs, inputs] and [outputs].
    let weights, biases: [AlignedBuffer]
    /// ∑ of squared errors.
    var loss = 0.0
    private let layout: SIRENLayout

    init(_ layout: SIRENLayout) {
        self.layout = layout
        weights = layout.layers.map { AlignedBuffer(floats: $0.inputs * $0.outputs) }
        biases = layout.layers.map { AlignedBuffer(floats: $0.outputs) }
    }

    func clear() {
        loss = 0
        (weights + biases).forEach { $0.zero() }
    }

    /// Sums the lanes in order into the flat gradient, and returns the sum of their losses.
    static func reduce(_ lanes: [SIRENGradients], into gradient: AlignedBuffer) -> Double {
        gradient.zero()
        for lane in lanes {
            for (i, layer) in lane.layout.layers.enumerated() {
                liif_add(
                    gradient.floats + layer.weights.offset, lane.weights[i].floats,
                    layer.inputs * layer.outputs)
                liif_add(gradient.floats + layer.bias, lane.biases[i].floats, layer.outputs)
            }
        }
        return lanes.reduce(0) { $0 + $1.loss }
    }
}
