package import Tensors

/// A network of convolutions on maps of one extent, written down once and run by several executors:
/// whole samples forward and backward (`GraphPass`), pictures in strips (`GraphStream`).
///
/// Concatenation needs no operation: a convolution of concatenated maps is the sum of one convolution
/// per map, each with its slice of the weights, so a node simply has several inputs.
package struct ConvolutionGraph: Sendable {
    /// A map [H, W, C]: the input or a node's output.
    package struct Value: Hashable, Sendable {
        package let index: Int
    }

    /// One input of a node with its slice of the node's weights.
    package struct Term: Sendable {
        package let value: Value
        package let weights: PlainWeights
    }

    /// output = rectifier?(residual + scale·(∑ input ∗ weights + bias))
    package struct Node: Sendable {
        package let terms: [Term]
        /// Place of the bias among the parameters.
        package let bias: Int
        package let outputChannels: Int
        /// Extent of the square kernel: 1 or 3.
        package let kernel: Int
        package let rectified: Bool
        package let residual: Value?
        package let scale: Float
        package let output: Value
    }

    /// Channels of every value; value 0 is the input.
    package private(set) var channels: [Int]
    package private(set) var nodes: [Node] = []
    package var parameters = ParameterLayout()

    package init(inputChannels: Int) { channels = [inputChannels] }

    package var input: Value { Value(index: 0) }
    /// The last node's output.
    package var output: Value { Value(index: channels.count - 1) }

    /// Adds a convolution with parameters of its own, `<name>.weight` and `<name>.bias`.
    package mutating func convolution(
        _ name: String, of inputs: [Value], outputChannels: Int, kernel: Int = 3, rectified: Bool = false,
        addedTo residual: Value? = nil, scale: Float = 1
    ) -> Value {
        let inputChannels = inputs.map { channels[$0.index] }.reduce(0, +)
        let fanIn = inputChannels * kernel * kernel
        let weight = parameters.add(
            "\(name).weight", shape: [outputChannels, inputChannels, kernel, kernel], fanIn: fanIn)
        let bias = parameters.add("\(name).bias", shape: [outputChannels], fanIn: fanIn)
        return convolution(
            of: inputs, weights: PlainWeights(offset: weight, rowStride: fanIn), bias: bias,
            outputChannels: outputChannels, kernel: kernel, rectified: rectified, addedTo: residual,
            scale: scale)
    }

    /// Adds a convolution whose weights are (a slice of) parameters that exist already.
    package mutating func convolution(
        of inputs: [Value], weights: PlainWeights, bias: Int, outputChannels: Int, kernel: Int,
        rectified: Bool = false, addedTo residual: Value? = nil, scale: Float = 1
    ) -> Value {
        precondition(residual.map { channels[$0.index] == outputChannels } ?? true)
        var offset = weights.offset
        var terms: [Term] = []
        for input in inputs {
            terms.append(
                Term(value: input, weights: PlainWeights(offset: offset, rowStride: weights.rowStride)))
            offset += channels[input.index] * kernel * kernel
        }
        let output = Value(index: channels.count)
        channels.append(outputChannels)
        nodes.append(
            Node(
                terms: terms, bias: bias, outputChannels: outputChannels, kernel: kernel,
                rectified: rectified,
                residual: residual, scale: scale, output: output))
        return output
    }

    /// How often a value is read, as a convolution's input or as a residual.
    func uses(of value: Value) -> Int {
        nodes.reduce(0) { count, node in
            count + node.terms.count { $0.value == value } + (node.residual == value ? 1 : 0)
        }
    }

    /// Whether a convolution reads the value.
    func isConvolved(_ value: Value) -> Bool { nodes.contains { $0.terms.contains { $0.value == value } } }

    /// Whether a value is kept in float32 at any precision: what is summed over many layers, or leaves.
    func isAccumulated(_ value: Value) -> Bool {
        value == output
            || nodes.contains { node in
                node.residual == value
                    || (node.output == value && (node.residual != nil || node.terms.count > 1))
            }
    }

    /// Whether a value's gradient is summed in float32 at any precision: where several readers add to it.
    func gradientIsFloat32(_ value: Value) -> Bool { isAccumulated(value) || uses(of: value) != 1 }

    /// Multiply-adds per position of the map.
    package var multiplyAddsPerPosition: Int {
        nodes.reduce(0) { sum, node in
            sum + node.terms.map { channels[$0.value.index] }.reduce(0, +) * node.outputChannels * node.kernel
                * node.kernel
        }
    }

    /// How far each value reads from its own position in the input: the sum of the kernels' radii along the
    /// longest path.
    package var receptiveRadii: [Int] {
        var radius = [Int](repeating: 0, count: channels.count)
        for node in nodes {
            let inputs = node.terms.map { radius[$0.value.index] + node.kernel / 2 }
            radius[node.output.index] = max(inputs.max()!, node.residual.map { radius[$0.index] } ?? 0)
        }
        return radius
    }
}
