import CTensorKernels
import Foundation
import TestSupport
import Testing

/// The sine kernels against the C library's, in double precision.
@Suite struct SineKernelTests {
    @Test(arguments: [1, 15, 16, 17, 4000]) func agreesWithTheLibrary(count: Int) {
        let frequency: Float = 30
        // Arguments up to ±3000, and the kinks of the reduction, multiples of π/4.
        var x = randomFloats(count, seed: 4, in: -100...100)
        for i in stride(from: 0, to: count, by: 7) { x[i] = Float(i - count / 2) * .pi / 4 / frequency }
        let (sines, cosines) = (
            x.map { sin(Double(frequency * $0)) }, x.map { cos(Double(frequency * $0)) }
        )
        var alone = x
        liif_sine(&alone, frequency, count)
        assertClose(actual: alone, expected: sines.map { Float($0) }, absolute: 3e-7)
        var slope = [Float](repeating: .nan, count: count)
        liif_sine_and_slope(&x, &slope, frequency, count)
        #expect(x == alone)
        assertClose(actual: slope, expected: cosines.map { Float($0 * 30) }, absolute: 1e-5)
    }

    @Test func multiplies() {
        var (a, b) = (randomFloats(33, seed: 1), randomFloats(33, seed: 2))
        let expected = zip(a, b).map { $0 * $1 }
        liif_multiply(&a, &b, 33)
        #expect(a == expected)
    }
}
