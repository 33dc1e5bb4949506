package import Tensors

/// What the machine can do at the best: a matrix product that stays in a core's cache, by precision, on one
/// core and on all at once.
package struct Roof {
    private let precision: Precision
    private let products: [MatrixProduct]
    private let sources, weights, destinations: [AlignedBuffer]
    private static let extents = (rows: 256, columns: 256, inner: 128)
    private static let flops = 2 * 256 * 256 * 128

    package init(_ precision: Precision, workers: Int = Workers.count) throws {
        let (rows, columns, inner) = Self.extents
        self.precision = precision
        products = try (0..<workers).map { _ in
            try MatrixProduct(
                rows: rows, columns: columns, inner: inner, source: precision, destination: precision,
                packedWeights: true)
        }
        sources = (0..<workers).map { _ in AlignedBuffer(count: rows * inner, precision: precision) }
        weights = products.map { AlignedBuffer(byteCount: $0.weightByteCount) }
        destinations = (0..<workers).map { _ in AlignedBuffer(count: rows * columns, precision: precision) }
    }

    /// One measurement, GFLOP/s.
    /// - Parameter cores: How many work at once.
    package func measure(cores: Int, seconds: Double = 0.1) throws -> Double {
        let perItem = 50
        let clock = ContinuousClock()
        nonisolated(unsafe) let roof = self
        func run(_ items: Int) throws -> Double {
            let time = try clock.measure {
                try Workers.run(items, workers: cores) { worker, _ in
                    for _ in 0..<perItem {
                        roof.products[worker](
                            source: roof.sources[worker].pointer, weights: roof.weights[worker].pointer,
                            destination: roof.destinations[worker].pointer)
                    }
                }
            }
            return time / .seconds(1)
        }
        let trial = try run(4 * cores)
        let items = max(4 * cores, Int(Double(4 * cores) * seconds / max(trial, 1e-6)))
        return Double(items * perItem * Self.flops) / (try run(items)) * 1e-9
    }
}
