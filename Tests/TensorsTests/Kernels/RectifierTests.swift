import CTensorKernels
import Tensors
import TestSupport
import Testing

/// Our rectifiers at the numbers where implementations differ, against PyTorch's `relu` and `threshold_backward`: NaN stays
/// NaN, and its gradient passes.
@Suite struct RectifierTests {
    /// Less than a vector, and vectors with a rest.
    static let widths = [5, 37]

    /// Numbers before a rectifier, of BF16's precision.
    private func sums(_ count: Int) -> [Float] {
        let special: [Float] = [.nan, -.infinity, .infinity, -0.0, 0]
        return roundedToBFloat16(randomFloats(count, seed: 1)).enumerated().map { i, value in
            i % 7 < special.count ? special[i % 7] : value
        }
    }

    private func rectified(_ values: [Float]) -> [Float] { values.map { $0 < 0 ? 0 : $0 } }

    /// Gradients after the mask of a rectifier that made `outputs`.
    private func masked(_ gradients: [Float], by outputs: [Float]) -> [Float] {
        zip(gradients, outputs).map { $1 <= 0 ? 0 : $0 }
    }

    private func expectEqual(_ actual: [Float], _ expected: [Float], _ what: String) {
        #expect(actual.count == expected.count)
        for (i, (a, e)) in zip(actual, expected).enumerated() where a != e && !(a.isNaN && e.isNaN) {
            Issue.record("\(what): element \(i) is \(a), not \(e)")
            return
        }
    }

    @Test(arguments: widths) func theDecodersFirstLayerKeepsNaN(_ width: Int) {
        let (zeros, sums) = ([Float](repeating: 0, count: width), sums(width))
        var plain = zeros
        liif_first_layer_float(&plain, zeros, [0], [0], [0], zeros, zeros, sums, 1, width)
        expectEqual(plain, rectified(sums), "float32")
        var narrow = [UInt16](repeating: 0xDEAD, count: width)
        liif_first_layer_bf16(&narrow, zeros, [0], [0], [0], zeros, zeros, sums, 1, width)
        expectEqual(narrow.map(widened), rectified(sums), "BF16")
    }

    @Test(arguments: widths) func wholeStepsHaveNoNaN(_ width: Int) {
        let (zeros, sums) = ([Float](repeating: 0, count: width), sums(width))
        let expected = sums.map { $0 > 0 ? min($0 * 100, 4095) : 0 }
        var steps = [UInt8](repeating: 7, count: width)
        liif_first_layer_u8(&steps, zeros, [0], [0], [0], zeros, zeros, sums, 100, 1, width)
        assertClose(actual: steps.map { Float($0) }, expected: expected.map { min($0, 255) }, absolute: 0.51)
        var fineSteps = [Int16](repeating: 7, count: width)
        liif_first_layer_i16(&fineSteps, zeros, [0], [0], [0], zeros, zeros, sums, 100, 1, width)
        assertClose(actual: fineSteps.map { Float($0) }, expected: expected, absolute: 0.51)
    }

    @Test(arguments: widths) func masksPassTheGradientOfNaN(_ width: Int) {
        let outputs = rectified(sums(width))
        let narrowOutputs = outputs.map(nearestBFloat16)
        let gradients = roundedToBFloat16(randomFloats(width, seed: 2))
        var (plain, mixed, narrow) = (gradients, gradients, gradients.map(nearestBFloat16))
        liif_rectifier_backward_float(&plain, outputs, width)
        expectEqual(plain, masked(gradients, by: outputs), "float32")
        liif_rectifier_backward_mixed(&mixed, narrowOutputs, width)
        expectEqual(mixed, masked(gradients, by: outputs), "float32 under BF16")
        liif_rectifier_backward_bf16(&narrow, narrowOutputs, width)
        expectEqual(narrow.map(widened), masked(gradients, by: outputs), "BF16")
    }

    @Test(arguments: widths) func theDecodersLastLayerMasksAlike(_ width: Int) {
        let hidden = rectified(sums(width))
        let (ones, mean) = ([Float](repeating: 1, count: 3 * width), [Float](repeating: 0, count: width))
        let expected = masked([Float](repeating: 3, count: width), by: hidden)
        var (weight, bias) = ([Float](repeating: 0, count: 3 * width), [Float](repeating: 0, count: 3))
        var plain = [Float](repeating: 7, count: width)
        liif_last_layer_backward_float(
            &plain, &weight, &bias, [1, 1, 1], hidden, mean, [1], ones, 1, 1, width)
        expectEqual(plain, expected, "float32")
        var narrow = [UInt16](repeating: 0xDEAD, count: width)
        liif_last_layer_backward_bf16(
            &narrow, &weight, &bias, [1, 1, 1], hidden.map(nearestBFloat16), mean, [1], ones, 1, 1, width)
        expectEqual(narrow.map(widened), expected, "BF16")
    }

    @Test(arguments: [0, 20, 36]) func theMetaUpscaleModuleKeepsNaN(_ place: Int) {
        let width = 37, stride = 3 * width + 3
        let (zeros, tables) = ([Float](repeating: 0, count: width), [Float](repeating: 1, count: stride))
        var constant = randomFloats(width, seed: 3)
        constant[place] = .nan
        var colours: [Float] = [7, 7, 7]
        liif_meta_upscale(&colours, tables, [0], [0], [0], zeros, zeros, constant, 1, width, stride)
        expectEqual(colours, [.nan, .nan, .nan], "colours")

        var (y, x, sum, tableGradients) = (zeros, zeros, zeros, [Float](repeating: 0, count: stride))
        liif_meta_upscale_backward(
            &tableGradients, &y, &x, &sum, [1, 1, 1], tables, [0], [0], [0], zeros, zeros, constant, 1, width,
            stride)
        expectEqual(sum, masked([Float](repeating: 3, count: width), by: constant), "the hidden layer's")
        expectEqual(
            tableGradients, [[Float]](repeating: rectified(constant), count: 3).flatMap(\.self) + [1, 1, 1],
            "the table's")
    }

    private static let shape = ConvolutionShape(
        height: 5, width: 6, inputChannels: 32, outputChannels: 32, kernel: 3)

    /// The bias everywhere: source and weights are zeros.
    private func everywhere(_ bias: [Float]) -> [Float] {
        [[Float]](repeating: rectified(bias), count: 30).flatMap(\.self)
    }

    @Test(arguments: WinogradConvolution.variants, Precision.allCases)
    func winogradsConvolutionKeepsNaN(_ variant: Int, _ destination: Precision) {
        let convolution = WinogradConvolution(
            Self.shape, destination: destination, relu: true, variant: variant)
        let sums = sums(32)
        withTestMemory { memory in
            let result = memory.buffer(byteCount: 30 * 32 * 4)
            convolution.forward(
                source: memory.buffer(byteCount: 30 * 32 * 4).pointer,
                weights: memory.buffer(byteCount: 4 * convolution.packedCount).floats,
                bias: memory.buffer(sums).floats, addend: nil, destination: result.pointer,
                scratch: memory.buffer(byteCount: 4 * convolution.forwardScratch).floats, rows: 5,
                part: (0, 1)
            )
            expectEqual(
                result.array(30 * 32, as: destination), everywhere(sums), "\(destination), \(variant)")
        }
    }

    @Test(.enabled(if: AMXConvolution.isAvailable), arguments: Precision.allCases)
    func amxsConvolutionKeepsNaN(_ destination: Precision) throws {
        let convolution = try ConvolutionForward(
            Self.shape, source: .bfloat16, destination: destination, relu: true)
        let sums = sums(32)
        withTestMemory { memory in
            let result = memory.buffer(byteCount: 30 * 32 * 4)
            convolution(
                source: memory.buffer(byteCount: 30 * 32 * 4).pointer,
                weights: memory.buffer(byteCount: convolution.weightByteCount).pointer,
                bias: memory.buffer(sums).pointer, destination: result.pointer)
            expectEqual(result.array(30 * 32, as: destination), everywhere(sums), "\(destination)")
        }
    }
}
