import Foundation

/// Writes an ONNX graph in the order of its computation: inputs, constants, nodes, outputs. The same calls give the
/// same bytes.
///
/// Operators are those of opset 13, which runtimes of every kind have had for years.
final class GraphWriter {
    /// Version of the operators.
    static let opset = 13

    private var graph = ONNXGraphProto()
    /// How many nodes of an operator there are.
    private var counts: [String: Int] = [:]
    /// Names of constants by type, shape and bytes.
    private var constants: [Constant: String] = [:]

    private struct Constant: Hashable {
        let type: ElementKind
        let shape: [Int]
        let bytes: Data
    }

    /// An extent of an input or output.
    enum Extent {
        case fixed(Int)
        /// Known when the graph runs; extents of one name are equal.
        case named(String)
    }

    init(name: String) { graph.name = name }

    /// The graph so far.
    var message: ONNXGraphProto { graph }

    func input(_ name: String, _ type: ElementKind, _ shape: [Extent], _ documentation: String) -> Value {
        graph.input.append(information(name, type, shape, documentation))
        return Value(writer: self, name: name, type: type)
    }

    /// Gives a value to the graph's caller under a name.
    func output(_ name: String, _ value: Value, _ shape: [Extent], _ documentation: String) {
        node("Identity", [value], output: name)
        graph.output.append(information(name, value.type, shape, documentation))
    }

    /// Adds a node with one output.
    func node(
        _ operation: String, _ inputs: [Value], type: ElementKind? = nil, _ attributes: [Attribute] = []
    ) -> Value {
        let number = counts[operation, default: 0]
        counts[operation] = number + 1
        let name = "\(operation)_\(number)"
        node(operation, inputs, output: name, attributes)
        return Value(writer: self, name: name, type: type ?? inputs[0].type)
    }

    private func node(
        _ operation: String, _ inputs: [Value], output: String, _ attributes: [Attribute] = []
    ) {
        var node = ONNXNodeProto()
        node.opType = operation
        node.name = "\(output).node"
        node.input = inputs.map(\.name)
        node.output = [output]
        node.attribute = attributes.map(\.message)
        graph.node.append(node)
    }

    /// Weights under their name.
    func weights(_ name: String, shape: [Int], _ values: some Sequence<Float>) -> Value {
        append(name, .float, shape, littleEndian(values.map(\.bitPattern)))
        return Value(writer: self, name: name, type: .float)
    }

    /// A constant of whole numbers, [count], or a scalar.
    func constant(_ values: [Int], scalar: Bool = false) -> Value {
        constant(.int64, scalar ? [] : [values.count], littleEndian(values.map { Int64($0) }))
    }

    /// A constant of some shape.
    func constant(_ values: [Float], shape: [Int]) -> Value {
        constant(.float, shape, littleEndian(values.map(\.bitPattern)))
    }

    /// A scalar of some type.
    func scalar(_ value: Double, _ type: ElementKind) -> Value {
        switch type {
        case .float: constant(.float, [], littleEndian([Float(value).bitPattern]))
        case .double: constant(.double, [], littleEndian([value.bitPattern]))
        case .int64: constant([Int(value)], scalar: true)
        }
    }

    /// Names of constants begin so; all other tensors of the file are a model's weights.
    static let constantPrefix = "constant_"

    private func constant(_ type: ElementKind, _ shape: [Int], _ bytes: Data) -> Value {
        let key = Constant(type: type, shape: shape, bytes: bytes)
        let name = constants[key] ?? "\(Self.constantPrefix)\(constants.count)"
        if constants.updateValue(name, forKey: key) == nil { append(name, type, shape, bytes) }
        return Value(writer: self, name: name, type: type)
    }

    private func append(_ name: String, _ type: ElementKind, _ shape: [Int], _ bytes: Data) {
        var tensor = ONNXTensorProto()
        tensor.name = name
        tensor.dataType = type.number
        tensor.dims = shape.map { Int64($0) }
        tensor.rawData = bytes
        graph.initializer.append(tensor)
    }

    private func information(
        _ name: String, _ type: ElementKind, _ shape: [Extent], _ documentation: String
    ) -> ONNXValueInfoProto {
        var information = ONNXValueInfoProto()
        information.name = name
        information.docString = documentation
        information.type.tensorType.elemType = type.number
        information.type.tensorType.shape.dim = shape.map { extent in
            var dimension = ONNXTensorShapeProto.Dimension()
            switch extent {
            case .fixed(let count): dimension.dimValue = Int64(count)
            case .named(let name): dimension.dimParam = name
            }
            return dimension
        }
        return information
    }
}

private func littleEndian<T: FixedWidthInteger>(_ values: [T]) -> Data {
    values.map(\.littleEndian).withUnsafeBytes { Data($0) }
}
