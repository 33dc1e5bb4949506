import Tensors

/// A value's memory while a graph runs.
///
/// Under BF16 a value that is summed over many layers, or leaves the graph, is kept in float32, with a BF16 copy
/// where a convolution reads it; every other value is BF16.
struct ValueStorage {
    let float32: AlignedBuffer?
    /// In the graph's precision, for convolutions to read; the same buffer under float32.
    let narrow: AlignedBuffer?

    /// - Parameter positions: Positions of the map that are in memory at once.
    init(of value: ConvolutionGraph.Value, in graph: ConvolutionGraph, positions: Int, precision: Precision) {
        let count = positions * graph.channels[value.index]
        let accumulated = graph.isAccumulated(value)
        float32 = accumulated || precision == .float32 ? AlignedBuffer(floats: count) : nil
        if precision == .float32 {
            narrow = float32
        } else {
            narrow =
                !accumulated || graph.isConvolved(value)
                ? AlignedBuffer(count: count, precision: precision) : nil
        }
    }

    /// Where a node puts its output.
    struct Target {
        let result: UnsafeMutableRawPointer
        /// Of the result.
        let precision: Precision
        /// Receives a float32 result rounded to BF16.
        let copy: UnsafeMutableRawPointer?
    }

    /// Where a node puts its output from an element on.
    func target(at element: Int = 0) -> Target {
        guard let float32 else {
            return Target(
                result: narrow!.pointer + element * Precision.bfloat16.bytes, precision: .bfloat16, copy: nil)
        }
        let copy = narrow === float32 ? nil : narrow
        return Target(
            result: float32.pointer + element * Precision.float32.bytes, precision: .float32,
            copy: copy.map { $0.pointer + element * Precision.bfloat16.bytes })
    }
}
