import CTensorKernels
package import Tensors

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
    /// What products multiply in; float32 for what comes between them.
    private let precision: Precision
    private let entered, gram, polynomial: AlignedBuffer
    /// In `precision`.
    private let current, next, factor: AlignedBuffer
    private let gramOfCurrent, square, product: MatrixProduct

    /// - Parameters:
    ///   - rows: Of the matrices.
    ///   - columns: Of the matrices.
    ///   - precision: What products multiply in. In BF16 the result is 1 to 3 % off, 16 % where singular values fall
    ///     off as fast as k⁻²; a gradient's noise is far greater.
    package init(rows: Int, columns: Int, precision: Precision = .float32) throws {
        let (long, short) = (max(rows, columns), min(rows, columns))
        (self.long, self.short, isWide) = (long, short, columns > rows)
        self.precision = precision
        entered = AlignedBuffer(floats: rows * columns)
        (gram, polynomial) = (AlignedBuffer(floats: short * short), AlignedBuffer(floats: short * short))
        current = AlignedBuffer(count: rows * columns, precision: precision)
        next = AlignedBuffer(count: rows * columns, precision: precision)
        factor = AlignedBuffer(count: short * short, precision: precision)
        func ontoShort(
            _ rows: Int, inner: Int, transposed: Bool = false, to destination: Precision = .float32
        ) throws -> MatrixProduct {
            try MatrixProduct(
                rows: rows, columns: short, inner: inner, source: precision, destination: destination,
                transposedSource: transposed, packedWeights: false)
        }
        gramOfCurrent = try ontoShort(short, inner: long, transposed: true)
        square = try ontoShort(short, inner: short)
        product = try ontoShort(long, inner: short, to: precision)
    }

    /// Replaces a row-major matrix. Zero stays zero.
    package func callAsFunction(_ matrix: UnsafeMutablePointer<Float>) {
        let scale = Float(1 / (liif_sum_of_squares(matrix, long * short).squareRoot() + 1e-7))
        var (x, y) = (current, next)
        let (entered, gram, polynomial) = (entered.floats, gram.floats, polynomial.floats)
        forEachElement { entered[$1] = matrix[$0] * scale }
        copyFloats(to: x.pointer, as: precision, from: entered, count: long * short)
        for _ in 0..<Self.steps {
            gramOfCurrent(source: x.pointer, weights: x.pointer, destination: gram)
            copyFloats(to: factor.pointer, as: precision, from: gram, count: short * short)
            square(source: factor.pointer, weights: factor.pointer, destination: polynomial)
            for i in 0..<short * short { polynomial[i] = Self.b * gram[i] + Self.c * polynomial[i] }
            for i in 0..<short { polynomial[i * short + i] += Self.a }
            copyFloats(to: factor.pointer, as: precision, from: polynomial, count: short * short)
            product(source: x.pointer, weights: factor.pointer, destination: y.pointer)
            swap(&x, &y)
        }
        copyFloats(to: entered, from: x.pointer, as: precision, count: long * short)
        forEachElement { matrix[$0] = entered[$1] }
    }

    /// Calls `body` with every element's place in the matrix and its place in [long, short].
    private func forEachElement(_ body: (_ matrix: Int, _ worked: Int) -> Void) {
        for l in 0..<long {
            for s in 0..<short { body(isWide ? s * long + l : l * short + s, l * short + s) }
        }
    }
}
