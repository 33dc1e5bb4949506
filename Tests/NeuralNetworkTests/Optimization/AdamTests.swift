import Foundation
import NeuralNetwork
import Tensors
import TestSupport
import Testing

@Suite struct AdamTests {
    @Test func aConstantGradientMovesByTheRateEveryStep() {
        // With both biases corrected, m̂ = g and v̂ = g², whatever g's size.
        let gradient: [Float] = [3, -0.5, 1e-3, -200]
        let adam = Adam(count: 4)
        let parameters = AlignedBuffer([1, 2, 3, 4])
        for step in 1...20 {
            adam.step(parameters, gradient: AlignedBuffer(gradient), rate: 1e-2)
            #expect(adam.stepCount == step)
            let expected = zip([1, 2, 3, 4] as [Float], gradient).map {
                $0 - 1e-2 * Float(step) * ($1 > 0 ? 1 : -1)
            }
            assertClose(actual: parameters.array(4), expected: expected, absolute: 1e-5, "step \(step)")
        }
    }

    @Test func noGradientNoMotion() {
        let adam = Adam(count: 2)
        let parameters = AlignedBuffer([0.25, -8])
        adam.step(parameters, gradient: AlignedBuffer(floats: 2), rate: 1)
        #expect(parameters.array(2) == [0.25, -8])
    }

    /// Below 2⁻¹²⁶ nothing else ends them: nine tenths of the smallest numbers round to themselves.
    @Test func meansWithoutAGradientEndAtZero() {
        let count = 37
        var settings = Adam.Settings()
        settings.beta2 = 0.9
        let adam = Adam(count: count, settings: settings)
        let parameters = AlignedBuffer(floats: count)
        adam.step(parameters, gradient: AlignedBuffer([Float](repeating: 1e-18, count: count)), rate: 1e-4)
        #expect(adam.firstMoment.array(count).allSatisfy { $0 > 0 })
        #expect(adam.secondMoment.array(count).allSatisfy { $0 > 0 })
        let gradient = AlignedBuffer(floats: count)
        for _ in 0..<500 { adam.step(parameters, gradient: gradient, rate: 1e-4) }
        #expect(adam.firstMoment.array(count).allSatisfy { $0 == 0 })
        #expect(adam.secondMoment.array(count).allSatisfy { $0 == 0 })
    }

    @Test func fiftyStepsFollowAlgorithm1InDouble() {
        let count = 37
        var settings = Adam.Settings()
        settings.beta1 = 0.8
        settings.beta2 = 0.95
        settings.epsilon = 1e-3
        let adam = Adam(count: count, settings: settings)
        let start = randomFloats(count, seed: 1)
        let parameters = AlignedBuffer(start)
        var p = start.map(Double.init)
        var m = [Double](repeating: 0, count: count), v = m
        for t in 1...50 {
            let g = randomFloats(count, seed: UInt64(1 + t))
            let rate = 1e-2 / Double(t)
            adam.step(parameters, gradient: AlignedBuffer(g), rate: rate)
            for i in 0..<count {
                m[i] = 0.8 * m[i] + 0.2 * Double(g[i])
                v[i] = 0.95 * v[i] + 0.05 * Double(g[i]) * Double(g[i])
                let (mean, square) = (m[i] / (1 - pow(0.8, Double(t))), v[i] / (1 - pow(0.95, Double(t))))
                p[i] -= rate * mean / (square.squareRoot() + 1e-3)
            }
        }
        assertClose(actual: parameters.array(count), expected: p.map { Float($0) }, absolute: 2e-6)
        assertClose(actual: adam.firstMoment.array(count), expected: m.map { Float($0) }, absolute: 1e-6)
        assertClose(actual: adam.secondMoment.array(count), expected: v.map { Float($0) }, absolute: 1e-6)
    }

    /// What another optimizer moves stays, its moments too; the average is of all.
    @Test func onlyItsRangesMove() {
        let adam = Adam(count: 6, ranges: [1..<2, 4..<6])
        let parameters = AlignedBuffer([1, 2, 3, 4, 5, 6])
        adam.step(parameters, gradient: AlignedBuffer([1, 1, 1, 1, -1, 1]), rate: 0.5)
        assertClose(actual: parameters.array(6), expected: [1, 1.5, 3, 4, 5.5, 5.5], absolute: 1e-5)
        assertClose(actual: adam.firstMoment.array(6), expected: [0, 0.1, 0, 0, -0.1, 0.1], absolute: 1e-6)
        let average = AlignedBuffer(floats: 6)
        adam.average(into: average, of: parameters, decay: 0)
        #expect(average.array(6) == parameters.array(6))
    }

    @Test func theAverageHangsLessOnTheBeginning() {
        let adam = Adam(count: 1)
        let average = AlignedBuffer([0])
        let parameters = AlignedBuffer([1])
        var expected = 0.0
        for t in 1...200 {
            adam.stepCount = t
            adam.average(into: average, of: parameters, decay: 0.9)
            let decay = min(0.9, Double(1 + t) / Double(10 + t))
            expected = decay * expected + (1 - decay)
            #expect(abs(Double(average.floats[0]) - expected) < 1e-6)
        }
    }

    @Test func longGradientsAreShortenedAndShortOnesLeft() {
        // Of norm 13 in the first three; what follows does not count.
        let gradient = AlignedBuffer([3, -4, 12, 100])
        #expect(clipGradient(gradient, count: 3, limit: 13) == 13)
        #expect(gradient.array(4) == [3, -4, 12, 100])
        #expect(clipGradient(gradient, count: 3, limit: 6.5) == 13)
        assertClose(actual: gradient.array(4), expected: [1.5, -2, 6, 100], absolute: 1e-6)
        let zero = AlignedBuffer(floats: 3)
        #expect(clipGradient(zero, count: 3, limit: 1) == 0)
        #expect(zero.array(3) == [0, 0, 0])
    }
}
