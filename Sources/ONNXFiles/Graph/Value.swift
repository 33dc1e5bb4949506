/// A tensor of a graph that is being written. Arithmetic adds nodes, and shapes broadcast as NumPy's do.
struct Value {
    let writer: GraphWriter
    let name: String
    let type: ElementKind

    static func + (a: Value, b: Value) -> Value { a.writer.node("Add", [a, b]) }
    static func - (a: Value, b: Value) -> Value { a.writer.node("Sub", [a, b]) }
    static func * (a: Value, b: Value) -> Value { a.writer.node("Mul", [a, b]) }
    static func / (a: Value, b: Value) -> Value { a.writer.node("Div", [a, b]) }
    static func + (a: Value, b: Double) -> Value { a + a.scalar(b) }
    static func - (a: Value, b: Double) -> Value { a - a.scalar(b) }
    static func * (a: Value, b: Double) -> Value { a * a.scalar(b) }
    static func / (a: Value, b: Double) -> Value { a / a.scalar(b) }
    static func / (a: Double, b: Value) -> Value { b.scalar(a) / b }

    /// A scalar of this value's type.
    func scalar(_ value: Double) -> Value { writer.scalar(value, type) }

    var magnitude: Value { writer.node("Abs", [self]) }
    var rectified: Value { writer.node("Relu", [self]) }
    /// To the nearest whole number, ties to even.
    var rounded: Value { writer.node("Round", [self]) }
    var floor: Value { writer.node("Floor", [self]) }
    /// The extents, whole numbers.
    var shape: Value { writer.node("Shape", [self], type: .int64) }

    func clamped(_ low: Value, _ high: Value) -> Value {
        writer.node("Min", [writer.node("Max", [self, low]), high])
    }

    func atLeast(_ low: Double) -> Value { writer.node("Max", [self, scalar(low)]) }

    func clamped(_ low: Double, _ high: Double) -> Value { clamped(scalar(low), scalar(high)) }

    func cast(_ type: ElementKind) -> Value {
        writer.node("Cast", [self], type: type, [.integer("to", Int(type.number))])
    }

    func transposed(_ axes: [Int]) -> Value {
        writer.node("Transpose", [self], [.integers("perm", axes)])
    }

    /// −1 takes what is left over.
    func reshaped(_ shape: [Int]) -> Value { reshaped(writer.constant(shape)) }

    func reshaped(_ shape: Value) -> Value { writer.node("Reshape", [self, shape]) }

    /// Repeated along the axes of extent 1 to fill a shape.
    func expanded(_ shape: Value) -> Value { writer.node("Expand", [self, shape]) }

    /// Rows of this table, [rows, C] and indices of any shape.
    func rows(_ indices: Value) -> Value { writer.node("Gather", [self, indices], [.integer("axis", 0)]) }

    /// One element of a list as a list of one.
    func element(_ index: Int) -> Value {
        writer.node("Gather", [self, writer.constant([index])], [.integer("axis", 0)])
    }

    /// A column of a table, [rows].
    func column(_ index: Int) -> Value {
        writer.node("Gather", [self, writer.constant([index], scalar: true)], [.integer("axis", 1)])
    }

    /// The matrix product.
    func multiplied(by other: Value) -> Value { writer.node("MatMul", [self, other]) }

    /// Several values one after the other along an axis.
    static func joined(_ values: [Value], axis: Int) -> Value {
        values.count == 1 ? values[0] : values[0].writer.node("Concat", values, [.integer("axis", axis)])
    }
}
