import CTensorKernels
import TestSupport
import Testing

/// The decoder's first and last layer against plain loops, in both element types.
@Suite struct DecoderKernelTests {
    static let widths = [1, 3, 16, 37]
    static let latents = 6

    struct Rows {
        let count: Int
        let width: Int
        var index: [Int32] { (0..<count).map { Int32($0 * 5 % latents) } }
        var relativeY: [Float] { randomFloats(count, seed: 1, in: -2...2) }
        var relativeX: [Float] { randomFloats(count, seed: 2, in: -2...2) }
    }

    @Test(arguments: widths, [0, 1, 9]) func firstLayer(_ width: Int, rows count: Int) {
        let rows = Rows(count: count, width: width)
        let latents = randomFloats(Self.latents * width, seed: 3)
        let (weightY, weightX) = (randomFloats(width, seed: 4), randomFloats(width, seed: 5))
        let constant = randomFloats(width, seed: 6)
        var expected: [Float] = []
        for r in 0..<count {
            for c in 0..<width {
                let relative =
                    Double(rows.relativeY[r]) * Double(weightY[c]) + Double(rows.relativeX[r])
                    * Double(weightX[c])
                let sum = Double(latents[Int(rows.index[r]) * width + c]) + Double(constant[c]) + relative
                expected.append(Float(max(0, sum)))
            }
        }
        var plain = [Float](repeating: -7, count: count * width)
        liif_first_layer_float(
            &plain, latents, rows.index, rows.relativeY, rows.relativeX, weightY, weightX, constant, count,
            width)
        assertClose(actual: plain, expected: expected, absolute: 1e-6)
        var narrow = [UInt16](repeating: 0xDEAD, count: count * width)
        liif_first_layer_bf16(
            &narrow, latents, rows.index, rows.relativeY, rows.relativeX, weightY, weightX, constant, count,
            width)
        // One rounding to BF16: half a unit of 8 bits.
        assertClose(actual: narrow.map(widened), expected: expected, absolute: 1e-6, relative: 0x1p-8)
    }

    @Test(arguments: widths, [0, 1, 9]) func firstLayerInSteps(_ width: Int, rows count: Int) {
        let rows = Rows(count: count, width: width)
        let latents = randomFloats(Self.latents * width, seed: 3)
        let (weightY, weightX) = (randomFloats(width, seed: 4), randomFloats(width, seed: 5))
        let constant = randomFloats(width, seed: 6)
        var plain = [Float](repeating: -7, count: count * width)
        liif_first_layer_float(
            &plain, latents, rows.index, rows.relativeY, rows.relativeX, weightY, weightX, constant, count,
            width)
        // Activations reach about 6: some saturate.
        let scale: Float = 60
        var steps = [UInt8](repeating: 7, count: count * width)
        liif_first_layer_u8(
            &steps, latents, rows.index, rows.relativeY, rows.relativeX, weightY, weightX, constant, scale,
            count, width)
        for (step, value) in zip(steps, plain) {
            #expect(abs(Float(step) - min(value * scale, 255)) <= 0.5 + 1e-3)
        }
        let fineScale: Float = 1000
        var fineSteps = [Int16](repeating: 7, count: count * width)
        liif_first_layer_i16(
            &fineSteps, latents, rows.index, rows.relativeY, rows.relativeX, weightY, weightX, constant,
            fineScale, count, width)
        for (step, value) in zip(fineSteps, plain) {
            #expect(abs(Float(step) - min(value * fineScale, 4095)) <= 0.5 + 2e-3)
        }
    }

    @Test(arguments: widths, [1, 4]) func lastLayerOfSteps(_ width: Int, corners: Int) {
        let layer = Last(queries: 5, corners: corners, width: width, outputs: 3)
        let steps = layer.hidden.map { UInt8(($0 * 100).rounded()) }
        var expected = [Float](repeating: 0, count: 15), colours = expected
        liif_last_layer_float(
            &expected, nil, steps.map(Float.init), layer.ensemble, layer.weight, layer.bias, 5, corners,
            width)
        liif_last_layer_u8(
            &colours, nil, steps, layer.ensemble, layer.weight, layer.bias, 5, corners, width)
        assertClose(actual: colours, expected: expected, absolute: 1e-3)
        liif_last_layer_i16(
            &colours, nil, steps.map(Int16.init), layer.ensemble, layer.weight, layer.bias, 5, corners, width)
        assertClose(actual: colours, expected: expected, absolute: 1e-3)
    }

    @Test(arguments: widths, [0, 1, 9]) func firstLayerBackward(_ width: Int, rows count: Int) {
        let rows = Rows(count: count, width: width)
        let gradient = roundedToBFloat16(randomFloats(count * width, seed: 7))
        let initial =
            [randomFloats(Self.latents * width, seed: 8)] + (9...11).map { randomFloats(width, seed: $0) }
        var expected = initial
        for r in 0..<count {
            for c in 0..<width {
                let g = gradient[r * width + c]
                expected[0][Int(rows.index[r]) * width + c] += g
                expected[1][c] += rows.relativeY[r] * g
                expected[2][c] += rows.relativeX[r] * g
                expected[3][c] += g
            }
        }
        var plain = initial
        var (latents, y, x, constant) = (plain[0], plain[1], plain[2], plain[3])
        liif_first_layer_backward_float(
            &latents, &y, &x, &constant, gradient, rows.index, rows.relativeY, rows.relativeX, count, width)
        plain = [latents, y, x, constant]
        (latents, y, x, constant) = (initial[0], initial[1], initial[2], initial[3])
        liif_first_layer_backward_bf16(
            &latents, &y, &x, &constant, gradient.map(nearestBFloat16), rows.index, rows.relativeY,
            rows.relativeX,
            count, width)
        for (i, values) in [latents, y, x, constant].enumerated() {
            assertClose(actual: plain[i], expected: expected[i], absolute: 2e-6)
            assertClose(actual: values, expected: expected[i], absolute: 2e-6)
        }
    }

    struct Last {
        let queries, corners, width, outputs: Int
        var hidden: [Float] {
            roundedToBFloat16(randomFloats(queries * corners * width, seed: 1)).map { max(0, $0) }
        }
        var ensemble: [Float] { randomFloats(queries * corners, seed: 2, in: 0...1) }
        var weight: [Float] { randomFloats(outputs * width, seed: 3) }
        var bias: [Float] { randomFloats(outputs, seed: 4) }
        var mean: [Float] {
            (0..<queries * width).map { i in
                (0..<corners).reduce(Float(0)) { sum, k in
                    let row = i / width * corners + k
                    return sum + ensemble[row] * hidden[row * width + i % width]
                }
            }
        }
    }

    @Test(arguments: widths, [1, 4]) func lastLayerAveragesItsInputs(_ width: Int, corners: Int) {
        let outputs = 3
        for queries in [0, 1, 5, 9] {
            let layer = Last(queries: queries, corners: corners, width: width, outputs: outputs)
            let mean = layer.mean
            let expected = (0..<queries * outputs).map { i in
                let (q, o) = i.quotientAndRemainder(dividingBy: outputs)
                return (0..<width).reduce(layer.bias[o]) {
                    $0 + mean[q * width + $1] * layer.weight[o * width + $1]
                }
            }
            for narrow in [false, true] {
                for wantsMean in [false, true] {
                    var colours = [Float](repeating: 7, count: queries * outputs)
                    var written = [Float](repeating: 7, count: queries * width)
                    written.withUnsafeMutableBufferPointer { buffer in
                        let target = wantsMean ? buffer.baseAddress : nil
                        if narrow {
                            liif_last_layer_bf16(
                                &colours, target, layer.hidden.map(nearestBFloat16), layer.ensemble,
                                layer.weight,
                                layer.bias, queries, corners, width)
                        } else {
                            liif_last_layer_float(
                                &colours, target, layer.hidden, layer.ensemble, layer.weight, layer.bias,
                                queries,
                                corners, width)
                        }
                    }
                    assertClose(actual: colours, expected: expected, absolute: 1e-5)
                    if wantsMean { assertClose(actual: written, expected: mean, absolute: 1e-6) }
                }
            }
        }
    }

    @Test(arguments: widths, [1, 4]) func lastLayerBackward(_ width: Int, corners: Int) {
        let (queries, outputs) = (5, 3)
        let layer = Last(queries: queries, corners: corners, width: width, outputs: outputs)
        let (hidden, mean) = (layer.hidden, layer.mean)
        let g = randomFloats(queries * outputs, seed: 5)
        let initialWeight = randomFloats(outputs * width, seed: 6),
            initialBias = randomFloats(outputs, seed: 7)
        var expectedWeight = initialWeight, expectedBias = initialBias
        var expectedHidden = [Float](repeating: 0, count: hidden.count)
        for q in 0..<queries {
            for o in 0..<outputs {
                expectedBias[o] += g[q * outputs + o]
                for c in 0..<width {
                    expectedWeight[o * width + c] += g[q * outputs + o] * mean[q * width + c]
                    for k in 0..<corners where hidden[(q * corners + k) * width + c] > 0 {
                        expectedHidden[(q * corners + k) * width + c] +=
                            layer.ensemble[q * corners + k] * g[q * outputs + o] * layer.weight[o * width + c]
                    }
                }
            }
        }
        for narrow in [false, true] {
            var weight = initialWeight, bias = initialBias
            var gradient = [Float](repeating: 7, count: hidden.count)
            if narrow {
                var bits = [UInt16](repeating: 0xDEAD, count: hidden.count)
                liif_last_layer_backward_bf16(
                    &bits, &weight, &bias, g, hidden.map(nearestBFloat16), mean, layer.ensemble, layer.weight,
                    queries,
                    corners, width)
                gradient = bits.map(widened)
            } else {
                liif_last_layer_backward_float(
                    &gradient, &weight, &bias, g, hidden, mean, layer.ensemble, layer.weight, queries,
                    corners, width)
            }
            assertClose(
                actual: gradient, expected: expectedHidden, absolute: 1e-6, relative: narrow ? 0x1p-8 : 0)
            assertClose(actual: weight, expected: expectedWeight, absolute: 1e-5)
            assertClose(actual: bias, expected: expectedBias, absolute: 1e-5)
        }
    }
}
