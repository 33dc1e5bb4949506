import TestSupport
import Tensors
import Testing

/// Every mode of the product against plain loops; for BF16's tolerance see `ConvolutionTests`.
@Suite struct MatrixProductTests {
    struct Case: Sendable {
        var rows, columns, inner: Int
        var precision: Precision
        var destination: Precision
    }

    static let cases: [Case] = {
        let extents = [(1, 1, 1), (7, 3, 5), (1, 64, 17), (16, 17, 64), (33, 64, 3), (512, 16, 16), (17, 580, 40)]
        return extents.flatMap { rows, columns, inner in
            Precision.supported.flatMap { precision in
                (precision == .float32 ? [.float32] : [Precision.float32, .bfloat16]).map {
                    Case(rows: rows, columns: columns, inner: inner, precision: precision, destination: $0)
                }
            }
        }
    }()

    @Test(arguments: cases, [false, true])
    func everyModeEqualsPlainLoops(_ test: Case, packed: Bool) throws {
        let (rows, columns, inner) = (test.rows, test.columns, test.inner)
        let source = test.precision.rounded(randomFloats(rows * inner, seed: 1))
        let bound = 1 / Float(inner).squareRoot()
        let weights = test.precision.rounded(randomFloats(inner * columns, seed: 2, in: -bound...bound))
        let bias = randomFloats(columns, seed: 3)
        let initial = test.destination.rounded(randomFloats(rows * columns, seed: 4))
        for flags in 0..<32 {
            let (hasBias, accumulate, relu) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0)
            let (transposedSource, transposedWeights) = (flags & 8 != 0, flags & 16 != 0)
            if transposedWeights && !packed { continue }
            let product = try MatrixProduct(
                rows: rows, columns: columns, inner: inner, source: test.precision, destination: test.destination,
                transposedSource: transposedSource, packedWeights: packed, bias: hasBias, accumulate: accumulate,
                relu: relu)
            let stored = AlignedBuffer(
                transposedSource ? transposed(source, rows: rows, columns: inner) : source, as: test.precision)
            let weightBuffer: AlignedBuffer
            if packed {
                weightBuffer = AlignedBuffer(byteCount: product.weightByteCount)
                let plain = transposedWeights ? transposed(weights, rows: inner, columns: columns) : weights
                try product.pack(
                    AlignedBuffer(plain).floats,
                    PlainWeights(offset: 0, rowStride: transposedWeights ? inner : columns),
                    transposed: transposedWeights, into: weightBuffer.pointer)
            } else {
                weightBuffer = AlignedBuffer(weights, as: test.precision)
            }
            let result = AlignedBuffer(initial, as: test.destination)
            product(
                source: stored.pointer, weights: weightBuffer.pointer, bias: AlignedBuffer(bias).pointer,
                destination: result.pointer)
            assertClose(
                actual: result.array(rows * columns, as: test.destination),
                expected: referenceProduct(
                    source, weights, rows: rows, columns: columns, inner: inner, bias: hasBias ? bias : nil,
                    initial: accumulate ? initial : nil, relu: relu),
                absolute: 1e-5, relative: test.destination == .float32 ? 1e-5 : 0x1p-8, shape: [rows, columns],
                "bias \(hasBias), accumulate \(accumulate), relu \(relu), source transposed \(transposedSource), weights transposed \(transposedWeights)"
            )
        }
    }
}
