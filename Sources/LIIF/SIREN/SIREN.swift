public import Imaging
import NeuralNetwork
import Tensors

/// One picture as one network of sine activations (Sitzmann et al. 2020), without an encoder: the baseline "1-SIREN"
/// of Figures 5 and 6. It is fitted to the picture's own pixels and then asked for a colour at every coordinate.
public final class SIREN: Sendable {
    /// The network; the defaults are the baseline's.
    public struct Configuration: Sendable, Equatable {
        /// Widths of the hidden layers, each of which ends in sin(ω₀·x).
        public var hiddenWidths = [256, 256, 256]
        /// ω₀.
        public var frequency: Float = 30

        /// The baseline's.
        public init() {}
    }

    /// What the network is made of.
    public let configuration: Configuration
    let layout: SIRENLayout
    /// All parameters in one flat array; never written after the initialiser.
    let parameters: AlignedBuffer

    init(_ configuration: Configuration, layout: SIRENLayout, parameters: AlignedBuffer) {
        self.configuration = configuration
        self.layout = layout
        self.parameters = parameters
    }

    /// Number of trainable parameters.
    public var parameterCount: Int { layout.parameters.count }

    /// The picture at any resolution: smaller, larger, stretched.
    /// - Parameters:
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    /// - Returns: Colours in 0…1, [height, width, 3].
    /// - Throws: `TensorError` where oneDNN refuses.
    public func rendered(height: Int, width: Int) throws -> FloatImage {
        var values: [Float] = []
        values.reserveCapacity(height * width * 3)
        try render(height: height, width: width) { values.append(contentsOf: $0.values) }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }

    /// As `rendered`, but strip by strip from the top.
    /// - Parameters:
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - strip: Receives consecutive strips of full width, colours in 0…1.
    /// - Throws: what `strip` throws; `TensorError` where oneDNN refuses.
    public func render(height: Int, width: Int, strip: (FloatImage) throws -> Void) throws {
        precondition(height > 0 && width > 0, "a picture of \(width)×\(height) pixels cannot be rendered")
        let passes = try (0..<Workers.count).map { _ in
            try SIRENPass(layout, frequency: configuration.frequency, training: false)
        }
        let weights = SIRENWeights(passes[0])
        try weights.refresh(from: parameters, pass: passes[0])
        let capacity = SIRENPass.capacity
        // A strip gives each worker a few dozen blocks.
        let stripRows = max(1, min(height, 64 * capacity * Workers.count / width))
        let colours = AlignedBuffer(floats: stripRows * width * 3)
        defer { withExtendedLifetime(colours) {} }
        for first in stride(from: 0, to: height, by: stripRows) {
            let count = min(stripRows, height - first) * width
            nonisolated(unsafe) let target = colours.floats
            try Workers.run((count + capacity - 1) / capacity) { worker, block in
                let start = block * capacity
                let queries = min(capacity, count - start)
                let pass = passes[worker]
                for query in 0..<queries {
                    let (y, x) = (first * width + start + query).quotientAndRemainder(dividingBy: width)
                    pass.setCoordinate(
                        query, y: LocalEnsemble.pixelCentre(y, of: height),
                        x: LocalEnsemble.pixelCentre(x, of: width))
                }
                pass.forward(weights)
                copyFloats(to: target + start * 3, from: pass.output, count: queries * 3)
            }
            try strip(
                PixelNormalization.signed.truth.image(colours.floats, height: count / width, width: width))
        }
    }
}

/// Where a SIREN's parameters are. Names are the original implementation's: `net.0.linear.weight` ….
struct SIRENLayout: Sendable {
    let layers: [DecoderLayout.Layer]
    let parameters: ParameterLayout

    init(_ configuration: SIREN.Configuration) {
        precondition(!configuration.hiddenWidths.isEmpty)
        var parameters = ParameterLayout()
        var inputs = 2
        layers = (configuration.hiddenWidths + [3]).enumerated().map { index, outputs in
            let isLast = index == configuration.hiddenWidths.count
            let name = "net.\(index)" + (isLast ? "" : ".linear")
            defer { inputs = outputs }
            let weights = parameters.add("\(name).weight", shape: [outputs, inputs], fanIn: inputs)
            return DecoderLayout.Layer(
                weights: PlainWeights(offset: weights, rowStride: inputs),
                bias: parameters.add("\(name).bias", shape: [outputs], fanIn: inputs), inputs: inputs,
                outputs: outputs)
        }
        self.parameters = parameters
    }

    /// The first layer's weights are uniform in ±1/n, the others' in ±√(6/n)/ω₀ (§3.2 there), with n inputs; biases
    /// in PyTorch's ±1/√n.
    func initialValues(seed: UInt64, frequency: Float) -> [Float] {
        var values = parameters.initialValues(seed: seed)
        for (index, layer) in layers.enumerated() {
            let n = Float(layer.inputs)
            let bound = index == 0 ? 1 / n : (6 / n).squareRoot() / frequency
            for i in 0..<layer.inputs * layer.outputs {
                values[layer.weights.offset + i] *= bound * n.squareRoot()
            }
        }
        return values
    }
}
