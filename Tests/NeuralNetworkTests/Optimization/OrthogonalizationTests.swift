import Foundation
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// A matrix made of singular vectors and values that are known; the oracle is what the iteration's polynomial does to each
/// value, in double.
@Suite struct OrthogonalizationTests {
    /// Row-major.
    private struct Matrix {
        var rows, columns: Int
        var values: [Double]

        /// 1 − 2vvᵀ/‖v‖²: orthogonal.
        static func reflection(_ size: Int, seed: UInt64) -> Matrix {
            let v = randomFloats(size, seed: seed).map(Double.init)
            let square = v.reduce(0) { $0 + $1 * $1 }
            return Matrix(
                rows: size, columns: size,
                values: (0..<size * size).map {
                    ($0 / size == $0 % size ? 1 : 0) - 2 * v[$0 / size] * v[$0 % size] / square
                })
        }

        static func diagonal(rows: Int, columns: Int, _ values: [Double]) -> Matrix {
            Matrix(
                rows: rows, columns: columns,
                values: (0..<rows * columns).map {
                    $0 / columns == $0 % columns ? values[$0 % columns] : 0
                })
        }

        static func * (a: Matrix, b: Matrix) -> Matrix {
            Matrix(
                rows: a.rows, columns: b.columns,
                values: (0..<a.rows * b.columns).map { index in
                    (0..<a.columns).reduce(0.0) {
                        $0 + a.values[index / b.columns * a.columns + $1]
                            * b.values[$1 * b.columns + index % b.columns]
                    }
                })
        }
    }

    private func orthogonalized(_ matrix: Matrix, _ precision: Precision = .float32) throws -> [Float] {
        let buffer = AlignedBuffer(matrix.values.map { Float($0) })
        try Orthogonalization(rows: matrix.rows, columns: matrix.columns, precision: precision)(buffer.floats)
        return buffer.array(matrix.values.count)
    }

    @Test(arguments: [(7, 19), (19, 7), (12, 12), (1, 5), (64, 576)])
    func singularValuesComeNear1AndVectorsStay(_ rows: Int, _ columns: Int) throws {
        let count = min(rows, columns)
        // From 3 down to a fifth of it, then one of nothing.
        let singular = (0..<count).map { i in
            i > 0 && i == count - 1 ? 0 : 3 * pow(0.2, Double(i) / Double(count))
        }
        let norm = singular.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let brought = singular.map {
            var x = $0 / norm
            for _ in 0..<5 { x = 3.4445 * x - 4.7750 * pow(x, 3) + 2.0315 * pow(x, 5) }
            return x
        }
        #expect(brought.dropLast(count > 1 ? 1 : 0).allSatisfy { (0.65...1.25).contains($0) })
        let (left, right) = (Matrix.reflection(rows, seed: 1), Matrix.reflection(columns, seed: 2))
        func composed(_ values: [Double]) -> Matrix {
            left * .diagonal(rows: rows, columns: columns, values) * right
        }
        assertClose(
            actual: try orthogonalized(composed(singular)),
            expected: composed(brought).values.map { Float($0) },
            absolute: 5e-5)
        guard Precision.fastest == .bfloat16 else { return }
        let (expected, rounded) = (
            composed(brought).values, try orthogonalized(composed(singular), .bfloat16)
        )
        let error = zip(rounded, expected).reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) }
        #expect((error / expected.reduce(0) { $0 + $1 * $1 }).squareRoot() < 0.08)
    }

    @Test func theScaleDoesNotMatterAndZeroStays() throws {
        let matrix = Matrix(rows: 6, columns: 9, values: randomFloats(54, seed: 3).map(Double.init))
        let expected = try orthogonalized(matrix)
        for scale in [1e-4, 1e6] {
            var scaled = matrix
            for i in scaled.values.indices { scaled.values[i] *= scale }
            assertClose(actual: try orthogonalized(scaled), expected: expected, absolute: 1e-3)
        }
        let zero = Matrix(rows: 4, columns: 5, values: [Double](repeating: 0, count: 20))
        for precision in Precision.supported {
            #expect(try orthogonalized(zero, precision) == [Float](repeating: 0, count: 20))
        }
    }
}
