package import LIIF
import Tensors

/// What the machine can do at the best: a matrix product that stays in a core's cache, by precision, on one
/// core and on all at once.
package struct Roof {
    /// One product, by worker.
    private let products: [() -> Void]
    private static let extents = (rows: 256, columns: 256, inner: 128)
    private static let flops = 2 * 256 * 256 * 128

    package init(_ precision: InferencePrecision, workers: Int = Workers.count) throws {
        products = try (0..<workers).map { _ in
            try precision.integers.map(Self.product) ?? Self.product(precision.features)
        }
    }

    private static func product(_ precision: Precision) throws -> () -> Void {
        let (rows, columns, inner) = extents
        let product = try MatrixProduct(
            rows: rows, columns: columns, inner: inner, source: precision, destination: precision,
            packedWeights: true)
        let source = AlignedBuffer(count: rows * inner, precision: precision)
        let weights = AlignedBuffer(byteCount: product.weightByteCount)
        let destination = AlignedBuffer(count: rows * columns, precision: precision)
        return {
            withExtendedLifetime((source, weights, destination)) {
                product(
                    source: source.pointer, weights: weights.pointer, destination: destination.pointer)
            }
        }
    }

    private static func product(_ format: IntegerFormat) throws -> () -> Void {
        let (rows, columns, inner) = extents
        let product = try format.product(
            rows: rows, inner: inner, weights: [Int16](repeating: 0, count: columns * inner),
            scales: [Float](repeating: 1, count: columns), bias: [Float](repeating: 0, count: columns))
        let source = AlignedBuffer(byteCount: (rows * inner + 1) * format.activationBytes)
        let destination = AlignedBuffer(byteCount: rows * columns * format.activationBytes)
        return {
            withExtendedLifetime((source, destination)) {
                product(source: source.pointer, destination: destination.pointer)
            }
        }
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
                    for _ in 0..<perItem { roof.products[worker]() }
                }
            }
            return time / .seconds(1)
        }
        let trial = try run(4 * cores)
        let items = max(4 * cores, Int(Double(4 * cores) * seconds / max(trial, 1e-6)))
        return Double(items * perItem * Self.flops) / (try run(items)) * 1e-9
    }
}
