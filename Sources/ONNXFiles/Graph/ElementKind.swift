/// Types of the numbers in a graph.
enum ElementKind: Hashable {
    case float, double, int64

    /// The format's number for it.
    var number: Int32 {
        let type: ONNXTensorProto.DataType =
            switch self {
            case .float: .float
            case .double: .double
            case .int64: .int64
            }
        return Int32(type.rawValue)
    }
}

/// A setting of a node.
enum Attribute {
    case integer(String, Int)
    case integers(String, [Int])

    var message: ONNXAttributeProto {
        var attribute = ONNXAttributeProto()
        switch self {
        case .integer(let name, let value):
            attribute.name = name
            attribute.type = .int
            attribute.i = Int64(value)
        case .integers(let name, let values):
            attribute.name = name
            attribute.type = .ints
            attribute.ints = values.map { Int64($0) }
        }
        return attribute
    }
}
