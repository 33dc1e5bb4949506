import CTensorKernels
import TestSupport
import Testing

/// MetaSR's kernels against the formula in double, and the backward one against central differences.
@Suite struct MetaSRKernelTests {
    static let widths = [1, 3, 16, 37]
    static let latents = 4

    struct Queries {
        let count: Int
        let width: Int
        var stride: Int { 3 * width + 5 }
        var index: [Int32] { (0..<count).map { Int32($0 * 3 % latents) } }
        var y: [Float] { randomFloats(count, seed: 1, in: 0...1) }
        var x: [Float] { randomFloats(count, seed: 2, in: 0...1) }
        var weightY: [Float] { randomFloats(width, seed: 3) }
        var weightX: [Float] { randomFloats(width, seed: 4) }
        var constant: [Float] { randomFloats(width, seed: 5) }
        var tables: [Float] { randomFloats(latents * stride, seed: 6) }

        /// colour[q, o] = T[o]·max(0, constant + y·weightY + x·weightX) + t[o]
        func colours(tables: [Float], weightY: [Float], weightX: [Float], constant: [Float]) -> [Double] {
            (0..<count).flatMap { q in
                (0..<3).map { o in
                    let table = Int(index[q]) * stride
                    var sum = Double(tables[table + 3 * width + o])
                    for c in 0..<width {
                        let hidden =
                            Double(constant[c]) + Double(y[q]) * Double(weightY[c])
                            + Double(x[q]) * Double(weightX[c])
                        sum += max(0, hidden) * Double(tables[table + o * width + c])
                    }
                    return sum
                }
            }
        }
    }

    @Test(arguments: widths, [0, 1, 9]) func coloursFollowTheFormula(_ width: Int, queries count: Int) {
        let q = Queries(count: count, width: width)
        var colours = [Float](repeating: -7, count: count * 3)
        liif_meta_upscale(
            &colours, q.tables, q.index, q.y, q.x, q.weightY, q.weightX, q.constant, count, width, q.stride)
        let expected = q.colours(
            tables: q.tables, weightY: q.weightY, weightX: q.weightX, constant: q.constant)
        assertClose(actual: colours, expected: expected.map { Float($0) }, absolute: 1e-5)
    }

    @Test(arguments: widths) func gradientsAgreeWithCentralDifferences(_ width: Int) {
        let q = Queries(count: 9, width: width)
        let gradient = randomFloats(q.count * 3, seed: 7)
        func loss(_ colours: [Double]) -> Double {
            zip(colours, gradient).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        // What the sums hold already stays in them.
        let initial = [q.stride * Self.latents, width, width, width].map {
            randomFloats($0, seed: 8 + UInt64($0))
        }
        var (tables, y, x, constant) = (initial[0], initial[1], initial[2], initial[3])
        liif_meta_upscale_backward(
            &tables, &y, &x, &constant, gradient, q.tables, q.index, q.y, q.x, q.weightY, q.weightX,
            q.constant, q.count, width, q.stride)
        let added = zip([tables, y, x, constant], initial).map { zip($0, $1).map { $0 - $1 } }
        checkGradient(
            of: {
                loss(q.colours(tables: $0, weightY: q.weightY, weightX: q.weightX, constant: q.constant))
            }, at: q.tables, expected: added[0])
        checkGradient(
            of: { loss(q.colours(tables: q.tables, weightY: $0, weightX: q.weightX, constant: q.constant)) },
            at: q.weightY, expected: added[1], step: 1e-4, bend: 1e-7)
        checkGradient(
            of: { loss(q.colours(tables: q.tables, weightY: q.weightY, weightX: $0, constant: q.constant)) },
            at: q.weightX, expected: added[2], step: 1e-4, bend: 1e-7)
        checkGradient(
            of: { loss(q.colours(tables: q.tables, weightY: q.weightY, weightX: q.weightX, constant: $0)) },
            at: q.constant, expected: added[3], step: 1e-4, bend: 1e-7)
    }
}
