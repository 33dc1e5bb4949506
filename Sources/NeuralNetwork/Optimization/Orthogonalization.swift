import CTensorKernels
import Tensors

/// The nearest matrix with orthogonal rows (or columns, whichever are fewer), roughly: all singular values are brought
/// near 1, the singular vectors kept, by five steps of the iteration X ← aX + (bA + cA²)X, A = XXᵀ (Newton and Schulz's,
/// with Jordan's coefficients, Muon 2024, which bring them to 0.7…1.2 fast rather than to 1 slowly).
///
/// For matrices of one size, on the calling thread.
package final class Orthogonalization {
    private static let steps = 5
    private static let (a, b, c) = (3.4445 as Float, -4.7750 as Float, 2.0315 as Float)

    /// Columns and rows of the matrix as it is worked on, [long, short]: transposed where it is wide.
    private let long, short: Int
    private let isWide: Bool
    private let current, next, gram, polynomial: AlignedBuffer
    private let gramOfCurrent, square, product: MatrixProduct

    /// - Parameters:
    ///   - rows: Of the matrices.
    ///   - columns: Of the matrices.
    package init(rows: Int, columns: Int) throws {
        let (long, short) = (max(rows, columns), min(rows, columns))
        (self.long, self.short, isWide) = (long, short, columns > rows)
        (current, next) = (AlignedBuffer(floats: rows * columns), AlignedBuffer(floats: rows * columns))
        (gram, polynomial) = (AlignedBuffer(floats: short * short), AlignedBuffer(floats: short * short))
        func ontoShort(_ rows: Int, inner: Int, transposed: Bool = false) throws -> MatrixProduct {
            try MatrixProduct(
                rows: rows, columns: short, inner: inner, source: .float32, destination: .float32,
                transposedSource: transposed, packedWeights: false)
        }
        gramOfCurrent = try ontoShort(short, inner: long, transposed: true)
        square = try ontoShort(short, inner: short)
        product = try ontoShort(long, inner: short)
    }

    /// Replaces a row-major matrix. Zero stays zero.
    package func callAsFunction(_ matrix: UnsafeMutablePointer<Float>) {
        let scale = Float(1 / (liif_sum_of_squares(matrix, long * short).squareRoot() + 1e-7))
        var (x, y) = (current, next)
        let (gram, polynomial) = (gram.floats, polynomial.floats)
        let entered = x.floats
        forEachElement { entered[$1] = matrix[$0] * scale }
        for _ in 0..<Self.steps {
            gramOfCurrent(source: x.pointer, weights: x.pointer, destination: gram)
            square(source: gram, weights: gram, destination: polynomial)
            for i in 0..<short * short { polynomial[i] = Self.b * gram[i] + Self.c * polynomial[i] }
            for i in 0..<short { polynomial[i * short + i] += Self.a }
            product(source: x.pointer, weights: polynomial, destination: y.pointer)
            swap(&x, &y)
        }
        let made = x.floats
        forEachElement { matrix[$0] = made[$1] }
    }

    /// Calls `body` with every element's place in the matrix and its place in [long, short].
    private func forEachElement(_ body: (_ matrix: Int, _ worked: Int) -> Void) {
        for l in 0..<long {
            for s in 0..<short { body(isWide ? s * long + l : l * short + s, l * short + s) }
        }
    }
}
