package import Tensors

/// A network of convolutions, written down once and run by several executors: whole samples forward and
/// backward (`GraphPass`), pictures in strips (`GraphStream`). Pixel shuffles enlarge its maps by whole factors.
///
/// Concatenation needs no operation: a convolution of concatenated maps is the sum of one convolution
/// per map, each with its slice of the weights, so a node simply has several inputs.
package struct ConvolutionGraph: Sendable {
    /// A map [s·H, s·W, C]: the input (s = 1) or a node's output.
    package struct Value: Hashable, Sendable {
        package let index: Int
    }

    /// One input of a node with its slice of the node's weights.
    package struct Term: Sendable {
        package let value: Value
        package let weights: PlainWeights
    }

    /// output = shuffle?(rectifier?(residual + scale·(∑ input ∗ weights + bias)))
    package struct Node: Sendable {
        package let terms: [Term]
        /// Place of the bias among the parameters.
        package let bias: Int
        /// Channels that the convolution makes.
        package let outputChannels: Int
        /// Extent of the square kernel: 1 or 3.
        package let kernel: Int
        package let rectified: Bool
        package let residual: Value?
        package let scale: Float
        /// Turns the convolution's channels into pixels of the output.
        package let shuffle: PixelShuffle?
        package let output: Value
    }

    /// Channels of every value; value 0 is the input.
    package private(set) var channels: [Int]
    /// Extent of every value's map, as a multiple of the input's.
    package private(set) var scales: [Int] = [1]
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
        let scales = Set((inputs + [residual].compactMap(\.self)).map { self.scales[$0.index] })
        precondition(residual.map { channels[$0.index] == outputChannels } ?? true)
        precondition(scales.count == 1, "maps of different extents")
        return add(
            terms: terms(inputs, weights, kernel: kernel), bias: bias, outputChannels: outputChannels,
            kernel: kernel, rectified: rectified, residual: residual, scale: scale, shuffle: nil)
    }

    /// Adds a 3×3 convolution to `channels`·factor² channels and a pixel shuffle after it: a map that is `factor`
    /// times as high and wide. Its parameters are `<name>.weight` and `<name>.bias`.
    package mutating func upsampling(_ name: String, of input: Value, channels: Int, factor: Int) -> Value {
        let shuffle = PixelShuffle(factor: factor, channels: channels)
        let fanIn = self.channels[input.index] * 9
        let outputs = channels * factor * factor
        let weight = parameters.add(
            "\(name).weight", shape: [outputs, self.channels[input.index], 3, 3], fanIn: fanIn)
        let bias = parameters.add("\(name).bias", shape: [outputs], fanIn: fanIn)
        return add(
            terms: terms([input], PlainWeights(offset: weight, rowStride: fanIn), kernel: 3), bias: bias,
            outputChannels: outputs, kernel: 3, rectified: false, residual: nil, scale: 1, shuffle: shuffle)
    }

    private func terms(_ inputs: [Value], _ weights: PlainWeights, kernel: Int) -> [Term] {
        var offset = weights.offset
        var terms: [Term] = []
        for input in inputs {
            terms.append(
                Term(value: input, weights: PlainWeights(offset: offset, rowStride: weights.rowStride)))
            offset += channels[input.index] * kernel * kernel
        }
        return terms
    }

    private mutating func add(
        terms: [Term], bias: Int, outputChannels: Int, kernel: Int, rectified: Bool, residual: Value?,
        scale: Float, shuffle: PixelShuffle?
    ) -> Value {
        let output = Value(index: channels.count)
        channels.append(shuffle?.channels ?? outputChannels)
        scales.append(scales[terms[0].value.index] * (shuffle?.factor ?? 1))
        nodes.append(
            Node(
                terms: terms, bias: bias, outputChannels: outputChannels, kernel: kernel,
                rectified: rectified, residual: residual, scale: scale, shuffle: shuffle, output: output))
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

    /// Multiply-adds per position of the input.
    package var multiplyAddsPerPosition: Int {
        nodes.reduce(0) { sum, node in
            let extent = node.kernel * scale(of: node)
            return sum + node.terms.map { channels[$0.value.index] }.reduce(0, +) * node.outputChannels
                * extent * extent
        }
    }

    /// Extent of the maps that a node reads, as a multiple of the input's.
    package func scale(of node: Node) -> Int { scales[node.terms[0].value.index] }

    /// How far each value reads beyond its own position, in positions of its own: without pixel shuffles the sum
    /// of the kernels' radii along the longest path.
    package var receptiveRadii: [Int] {
        var radius = [Int](repeating: 0, count: channels.count)
        for node in nodes {
            radius[node.output.index] = convolutionRadius(node, radius) * (node.shuffle?.factor ?? 1)
        }
        return radius
    }

    /// The radius of what a node's convolution makes, before its pixel shuffle.
    func convolutionRadius(_ node: Node, _ radii: [Int]) -> Int {
        let inputs = node.terms.map { radii[$0.value.index] + node.kernel / 2 }
        return max(inputs.max()!, node.residual.map { radii[$0.index] } ?? 0)
    }
}
