import CTensorKernels
import Foundation
import TestSupport
import Testing

/// Element-wise kernels against plain Swift loops, at lengths around the vectors' and the 16-element blocks'.
@Suite struct ElementwiseKernelTests {
    static let counts = [0, 1, 7, 15, 16, 17, 33, 1000]

    /// Rectified outputs: positive, zero, minus zero.
    func rectified(_ count: Int) -> [Float] {
        roundedToBFloat16(randomFloats(count, seed: 9)).enumerated().map { $0 % 5 == 0 ? -0.0 : max(0, $1) }
    }

    @Test(arguments: counts) func addingAndScaling(_ count: Int) {
        let (a, b) = (randomFloats(count, seed: 1), randomFloats(count, seed: 2))
        var sum = a
        liif_add(&sum, b, count)
        #expect(sum == zip(a, b).map { $0 + $1 })
        liif_scale(&sum, 0.3, count)
        #expect(sum == zip(a, b).map { ($0 + $1) * 0.3 })
    }

    @Test(arguments: counts) func rectifiersPassTheGradientWhereTheOutputIsPositive(_ count: Int) {
        let output = rectified(count)
        let gradient = roundedToBFloat16(randomFloats(count, seed: 3))
        let expected = zip(gradient, output).map { $1 > 0 ? $0 : 0 }
        let narrowOutput = output.map(nearestBFloat16)

        var plain = gradient
        liif_rectifier_backward_float(&plain, output, count)
        #expect(plain == expected)

        var narrow = gradient.map(nearestBFloat16)
        liif_rectifier_backward_bf16(&narrow, narrowOutput, count)
        #expect(narrow.map(widened) == expected)

        var mixed = gradient
        liif_rectifier_backward_mixed(&mixed, narrowOutput, count)
        #expect(mixed == expected)
    }

    @Test(arguments: counts) func squaresAreSummedInDouble(_ count: Int) {
        // Their sum in float32 would lose the small ones.
        let x = randomFloats(count, seed: 4, in: -1e-3...1e-3).enumerated().map { $0 == 3 ? 1e3 : $1 }
        let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(liif_sum_of_squares(x, count) - expected) <= 1e-12 * expected)
    }

    @Test(arguments: [0, 1, 5], [1, 3, 16, 37]) func rowsAreAddedUp(_ rows: Int, width: Int) {
        let x = roundedToBFloat16(randomFloats(rows * width, seed: 5))
        let initial = randomFloats(width, seed: 6)
        var expected = initial
        for (i, value) in x.enumerated() { expected[i % width] += value }
        var sum = initial
        liif_add_rows_float(&sum, x, rows, width)
        #expect(sum == expected)
        sum = initial
        liif_add_rows_bf16(&sum, x.map(nearestBFloat16), rows, width)
        #expect(sum == expected)
    }

    @Test(arguments: counts) func adamFollowsAlgorithm1(_ count: Int) {
        let (gradient, start) = (randomFloats(count, seed: 7), randomFloats(count, seed: 8))
        let (m0, v0) = (randomFloats(count, seed: 9), randomFloats(count, seed: 10, in: 0...1))
        var (p, m, v) = (start, m0, v0)
        let t = 5.0, rate = 1e-2
        var settings = liif_adam(
            beta1: 0.9, beta2: 0.999, epsilon: 1e-8, stepSize: Float(rate / (1 - pow(0.9, t))),
            secondMomentScale: Float((1 - pow(0.999, t)).squareRoot()))
        liif_adam_step(&p, &m, &v, gradient, &settings, count)
        for i in 0..<count {
            let g = Double(gradient[i])
            let mean = 0.9 * Double(m0[i]) + 0.1 * g
            let square = 0.999 * Double(v0[i]) + 0.001 * g * g
            let step = rate * (mean / (1 - pow(0.9, t))) / ((square / (1 - pow(0.999, t))).squareRoot() + 1e-8)
            #expect(abs(Double(m[i]) - mean) < 2e-7)
            #expect(abs(Double(v[i]) - square) < 2e-7)
            #expect(abs(Double(p[i]) - (Double(start[i]) - step)) < 2e-7)
        }
    }

    @Test(arguments: counts) func averagesMoveTowardsTheValues(_ count: Int) {
        let (x, start) = (randomFloats(count, seed: 1), randomFloats(count, seed: 2))
        var average = start
        liif_exponential_average(&average, x, 0.75, count)
        assertClose(actual: average, expected: zip(start, x).map { 0.75 * $0 + 0.25 * $1 }, absolute: 2e-7)
        average = start
        liif_exponential_average(&average, x, 1, count)
        #expect(average == start)
    }
}
