import LIIF
import NeuralNetwork
import Tensors

/// The decoding function's parameters in a graph. The first layer is split by its inputs (Docs/Decisions/0003).
enum DecoderNames {
    static let firstLayer = "imnet.layers.0.weight"
    /// Columns of the unfolded features as a convolution's kernel, [width, D, k, k].
    static let latents = firstLayer + ".latents"
    /// Columns of the relative coordinate, transposed, [2, width].
    static let relative = firstLayer + ".relative"
    /// Columns of the relative cell, transposed, [2, width].
    static let cell = firstLayer + ".cell"
}

/// What the decoder is asked.
struct Queries {
    /// Coordinates −1…1; the shapes broadcast to that of all queries.
    let ys, xs: Value
    /// Extents of the queried pixels (height, width), [1, 2] or [Q, 2].
    let cells: Value
}

extension GraphWriter {
    /// Predictions for queries, in normalised units.
    /// - Parameters:
    ///   - features: [1, D, H, W].
    ///   - image: The normalised image, [1, 3, H, W], for the input skip.
    /// - Returns: [Q, 3].
    func decode(
        _ features: Value, _ queries: Queries, image: Value, model: LIIFModel,
        configuration: LIIFConfiguration
    ) -> Value {
        let extents = features.shape
        let height = Count(whole: extents.element(2)), width = Count(whole: extents.element(3))
        let parameters = Parameters(model, configuration)
        let latents = latentTable(features, parameters)
        var constant: Value?
        if configuration.cellDecoding {
            let counts = Value.joined([height.float, width.float], axis: 0)
            var cells = queries.cells * counts
            if let scale = configuration.greatestCellScale { cells = cells.atLeast(2 / scale) }
            constant = cells.multiplied(
                by: weights(DecoderNames.cell, parameters.columns(parameters.inputs - 2, 2)))
        }
        let relativeWeights = weights(
            DecoderNames.relative, parameters.columns(configuration.latentInputs, 2))
        let layers = hiddenLayers(parameters)

        let shifts = configuration.localEnsemble ? [-1, 1] : [0]
        let ys = shifts.map { neighbour(of: queries.ys, shift: $0, count: height) }
        let xs = shifts.map { neighbour(of: queries.xs, shift: $0, count: width) }
        var predictions: [Value] = [], areas: [Value] = []
        for y in ys {
            for x in xs {
                let index = y.index * width.whole + x.index
                let shape = index.shape
                let relative = Value.joined(
                    [y.relative, x.relative].map { $0.expanded(shape).reshaped([-1, 1]) }, axis: 1)
                var hidden = latents.rows(index.reshaped([-1])) + relative.multiplied(by: relativeWeights)
                if let constant { hidden = hidden + constant }
                predictions.append(run(layers, hidden.rectified))
                areas.append((y.relative * x.relative).magnitude.reshaped([-1, 1]) + 1e-9)
            }
        }
        var result = predictions[0]
        if configuration.localEnsemble {
            let sum = areas[1...].reduce(areas[0], +)
            // A latent's weight is the area of the rectangle towards the opposite corner.
            let weighted = zip(predictions, areas.reversed()).map { $0 * ($1 / sum) }
            result = weighted[1...].reduce(weighted[0], +)
        }
        guard configuration.inputSkip else { return result }
        return result + bilinear(image, ys: queries.ys, xs: queries.xs, height: height, width: width)
    }

    /// The first layer's convolution of the feature map as a table, [H·W, width].
    private func latentTable(_ features: Value, _ parameters: Parameters) -> Value {
        let configuration = parameters.configuration
        let kernel = configuration.unfoldingExtent
        let part = parameters.rows(0, configuration.latentInputs)
        let weights = weights(
            DecoderNames.latents,
            shape: [parameters.width, configuration.encoder.featureChannels, kernel, kernel], part)
        let map = convolution(
            features, weights: weights, bias: parameter("imnet.layers.0.bias", parameters), kernel: kernel)
        return map.transposed([0, 2, 3, 1]).reshaped([-1, parameters.width])
    }

    private func hiddenLayers(_ parameters: Parameters) -> [(weights: Value, bias: Value)] {
        (1...parameters.configuration.hiddenWidths.count).map { layer in
            let name = "imnet.layers.\(2 * layer)"
            return (parameter("\(name).weight", parameters), parameter("\(name).bias", parameters))
        }
    }

    private func run(_ layers: [(weights: Value, bias: Value)], _ input: Value) -> Value {
        var value = input
        for (i, layer) in layers.enumerated() {
            value = node("Gemm", [value, layer.weights, layer.bias], [.integer("transB", 1)])
            if i < layers.count - 1 { value = value.rectified }
        }
        return value
    }

    private func parameter(_ name: String, _ parameters: Parameters) -> Value {
        weights(name, parameters.named(name))
    }

    private func weights(_ name: String, _ tensor: Tensor) -> Value {
        weights(name, shape: tensor.shape, tensor.values)
    }
}

/// The decoder's parameters, and parts of its first layer.
private struct Parameters {
    let model: LIIFModel
    let configuration: LIIFConfiguration
    private let first: Tensor

    init(_ model: LIIFModel, _ configuration: LIIFConfiguration) {
        self.model = model
        self.configuration = configuration
        first = Self.named(DecoderNames.firstLayer, model)
    }

    var width: Int { first.shape[0] }
    var inputs: Int { first.shape[1] }

    func named(_ name: String) -> Tensor { Self.named(name, model) }

    private static func named(_ name: String, _ model: LIIFModel) -> Tensor {
        model.values(of: model.layout.entries.first { $0.name == name }!)
    }

    /// Some columns of the first layer, output by output.
    func rows(_ start: Int, _ count: Int) -> [Float] {
        (0..<width).flatMap { first.values[$0 * inputs + start..<$0 * inputs + start + count] }
    }

    /// Some columns of the first layer, transposed: [count, width].
    func columns(_ start: Int, _ count: Int) -> Tensor {
        let values = (0..<count).flatMap { c in (0..<width).map { first.values[$0 * inputs + start + c] } }
        return Tensor(shape: [count, width], values: values)
    }
}
