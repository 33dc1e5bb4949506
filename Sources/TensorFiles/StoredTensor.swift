package import Tensors

/// A tensor as a file holds it: elements in memory, and the type they have in the file.
package struct StoredTensor: Sendable, Equatable {
    /// Elements in row-major order.
    package enum Elements: Sendable, Equatable {
        /// Of every floating-point type; F64 is rounded to the nearest `Float`.
        case floats([Float])
        /// Of every integer type, exact; BOOL is 0 or 1.
        case integers([Int])
    }

    /// The type in the file.
    package let elementType: ElementType
    /// Extent of every axis, outermost first.
    package let shape: [Int]
    /// As many as the product of `shape`.
    package let elements: Elements

    /// - Precondition: the elements fill the shape and are floats exactly when the type is.
    package init(elementType: ElementType, shape: [Int], elements: Elements) {
        let count =
            switch elements {
            case .floats(let values): values.count
            case .integers(let values): values.count
            }
        precondition(count == shape.reduce(1, *), "\(count) elements do not fill the shape \(shape)")
        if case .floats = elements {
            precondition(elementType.isFloatingPoint, "\(elementType) holds integers")
        } else {
            precondition(!elementType.isFloatingPoint, "\(elementType) holds floating-point numbers")
        }
        self.elementType = elementType
        self.shape = shape
        self.elements = elements
    }

    /// A tensor that a file will hold as F32, or as another floating-point type, rounded to nearest even.
    package init(_ tensor: Tensor, as elementType: ElementType = .float32) {
        self.init(elementType: elementType, shape: tensor.shape, elements: .floats(tensor.values))
    }

    /// A tensor that a file will hold as I64.
    package init(integers: [Int], shape: [Int]) {
        self.init(elementType: .int64, shape: shape, elements: .integers(integers))
    }

    /// The elements as floats; integers beyond ±2²⁴ are rounded.
    package var tensor: Tensor {
        switch elements {
        case .floats(let values): Tensor(shape: shape, values: values)
        case .integers(let values): Tensor(shape: shape, values: values.map { Float($0) })
        }
    }

    /// The elements of an integer tensor, nil for floating-point types.
    package var integers: [Int]? {
        if case .integers(let values) = elements { values } else { nil }
    }

    /// Bytes that the elements take in a file.
    package var byteCount: Int { shape.reduce(elementType.byteCount, *) }
}
