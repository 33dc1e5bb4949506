/// A dense array of 32-bit floats in row-major order: what files hold and what tests compare.
///
/// Axes are written as letters throughout the project: N images, C channels, H×W latents, Q queries.
public struct Tensor: Sendable, Equatable {
    /// Extent of every axis, outermost first; a scalar has none.
    public let shape: [Int]
    /// The elements in row-major order; as many as the product of `shape`.
    public var values: [Float]

    /// - Precondition: `values` holds exactly as many elements as `shape` asks for.
    public init(shape: [Int], values: [Float]) {
        precondition(
            values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
        self.shape = shape
        self.values = values
    }

    /// A tensor filled with one value.
    public init(repeating value: Float = 0, shape: [Int]) {
        self.shape = shape
        self.values = [Float](repeating: value, count: shape.reduce(1, *))
    }

    /// Number of elements.
    public var count: Int { values.count }
}
