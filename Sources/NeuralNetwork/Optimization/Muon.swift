package import Tensors

/// Muon (Jordan et al. 2024, with the scale of Liu et al. 2025, eq. 4): a weight matrix moves along its gradient's running
/// mean made orthogonal, so that every direction of it is learnt at the same pace.
///
/// A convolution's kernel [out, in, k, k] is the matrix [out, in·k·k]. Layers that read or write colours, and biases, are
/// not its but Adam's.
///
/// Workers run side by side, each with matrices and scratch memory of its own; `step` is for one thread at a time.
package final class Muon: @unchecked Sendable {
    /// Decay of the gradient's running mean, μ.
    private static let momentum: Float = 0.95

    private struct Matrix {
        let offset, rows, columns: Int
        var count: Int { rows * columns }
        /// Gives steps the size of Adam's, so that a rate that suits one suits the other.
        var scale: Double { 0.2 * Double(max(rows, columns)).squareRoot() }
    }

    /// The greatest first, so that workers end together.
    private let matrices: [Matrix]
    /// By worker and extents.
    private let orthogonalizations: [[[Int]: Orthogonalization]]
    private let updates: [AlignedBuffer]
    /// The flat array's ranges that are left to Adam, in order.
    package let others: [Range<Int>]

    /// - Parameter precision: What products multiply in; running mean and weights are float32.
    package init(_ layout: ParameterLayout, precision: Precision = .float32) throws {
        var matrices: [Matrix] = []
        var others: [Range<Int>] = []
        for entry in layout.entries {
            if entry.shape.count > 1, entry.shape[0] > 3, entry.shape[1] > 3 {
                let rows = entry.shape[0]
                matrices.append(Matrix(offset: entry.offset, rows: rows, columns: entry.count / rows))
            } else {
                others.append(entry.offset..<entry.offset + entry.count)
            }
        }
        self.matrices = matrices.sorted { ($0.count, $1.offset) > ($1.count, $0.offset) }
        self.others = others
        // No more than work at once.
        let crew = min(Workers.count, matrices.count)
        orthogonalizations = try (0..<crew).map { _ in
            try Dictionary(
                matrices.map { ([$0.rows, $0.columns], $0) }, uniquingKeysWith: { first, _ in first }
            ).mapValues {
                try Orthogonalization(rows: $0.rows, columns: $0.columns, precision: precision)
            }
        }
        updates = (0..<crew).map { _ in AlignedBuffer(floats: matrices.map(\.count).max() ?? 0) }
    }

    /// Moves the matrices against their gradient.
    /// - Parameters:
    ///   - mean: The gradient's running mean, kept from step to step.
    ///   - rate: This step's learning rate.
    package func step(
        _ parameters: AlignedBuffer, mean: AlignedBuffer, gradient: AlignedBuffer, rate: Double
    ) throws {
        try Workers.run(matrices.count) { worker, index in
            let matrix = self.matrices[index]
            let (m, g) = (mean.floats + matrix.offset, gradient.floats + matrix.offset)
            let (update, count) = (self.updates[worker].floats, matrix.count)
            for i in 0..<count {
                m[i] += (g[i] - m[i]) * (1 - Self.momentum)
                // Nesterov's: the mean as the next step would find it.
                update[i] = g[i] + (m[i] - g[i]) * Self.momentum
            }
            self.orthogonalizations[worker][[matrix.rows, matrix.columns]]!(update)
            let step = Float(rate * matrix.scale)
            let p = parameters.floats + matrix.offset
            for i in 0..<count { p[i] -= step * update[i] }
        }
    }
}
