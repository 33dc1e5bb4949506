import NeuralNetwork
import Tensors

extension GraphWriter {
    /// A graph of convolutions as nodes, its parameters under their own names.
    /// - Parameters:
    ///   - input: [1, C, H, W].
    ///   - values: A parameter's values.
    /// - Returns: The graph's output, [1, D, H, W].
    func apply(
        _ graph: ConvolutionGraph, to input: Value, values: (ParameterLayout.Entry) -> Tensor
    ) -> Value {
        var entries: [Int: ParameterLayout.Entry] = [:]
        for entry in graph.parameters.entries { entries[entry.offset] = entry }
        func parameter(at offset: Int) -> Value {
            guard let entry = entries[offset] else { preconditionFailure("no parameter begins at \(offset)") }
            return weights(entry.name, shape: entry.shape, values(entry).values)
        }
        var outputs = [graph.input: input]
        for node in graph.nodes {
            precondition(node.shuffle == nil, "LIIF's encoders keep their extent")
            // The terms' weights lie side by side, so together they are the named parameter.
            let joined = Value.joined(node.terms.map { outputs[$0.value]! }, axis: 1)
            var value = convolution(
                joined, weights: parameter(at: node.terms[0].weights.offset),
                bias: parameter(at: node.bias), kernel: node.kernel)
            if node.scale != 1 { value = value * Double(node.scale) }
            if let residual = node.residual { value = outputs[residual]! + value }
            outputs[node.output] = node.rectified ? value.rectified : value
        }
        return outputs[graph.output]!
    }

    /// A square kernel at stride 1, zeros around the picture.
    func convolution(_ input: Value, weights: Value, bias: Value, kernel: Int) -> Value {
        node(
            "Conv", [input, weights, bias],
            [
                .integers("kernel_shape", [kernel, kernel]),
                .integers("pads", [Int](repeating: kernel / 2, count: 4)),
            ])
    }
}
