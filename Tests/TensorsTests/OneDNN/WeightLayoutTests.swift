import TestSupport
import Tensors
import Testing

/// Weights that are a slice of a larger tensor: of [outputs, 40, k, k], the input channels from 11 on.
@Suite struct WeightLayoutTests {
    static let channels = [1, 3, 17, 29]

    func slice(_ inputs: Int, kernel: Int) -> PlainWeights {
        PlainWeights(offset: 5 + 11 * kernel * kernel, rowStride: 40 * kernel * kernel)
    }

    @Test(arguments: channels, [1, 3]) func aSliceConvolvesAsItsCopyDoes(_ inputs: Int, kernel: Int) throws {
        let outputs = 17
        let area = kernel * kernel
        let shape = ConvolutionShape(
            height: 4, width: 5, inputChannels: inputs, outputChannels: outputs, kernel: kernel)
        let reference = ReferenceConvolution(
            height: 4, width: 5, inputChannels: inputs, outputChannels: outputs, kernel: kernel)
        let whole = randomFloats(5 + outputs * 40 * area, seed: 1)
        let place = slice(inputs, kernel: kernel)
        let copy = (0..<outputs).flatMap { o in
            whole[(place.offset + o * place.rowStride)...].prefix(inputs * area)
        }
        let convolution = try ConvolutionForward(shape, source: .float32, destination: .float32, bias: false)
        let packed = AlignedBuffer(byteCount: convolution.weightByteCount)
        try convolution.pack(AlignedBuffer(whole).floats, place, into: packed.pointer)
        let source = randomFloats(reference.sourceCount, seed: 2)
        let result = AlignedBuffer(floats: reference.outputCount)
        convolution(
            source: AlignedBuffer(source).pointer, weights: packed.pointer, bias: nil, destination: result.pointer)
        assertClose(
            actual: result.array(reference.outputCount), expected: reference.forward(source, weights: copy),
            absolute: 2e-5, relative: 1e-5)
    }

    @Test(arguments: channels, [1, 3]) func unpackingLeavesTheRestOfTheTensorAlone(_ inputs: Int, kernel: Int) throws {
        let outputs = 17
        let area = kernel * kernel
        let reference = ReferenceConvolution(
            height: 4, width: 5, inputChannels: inputs, outputChannels: outputs, kernel: kernel)
        let convolution = try ConvolutionBackwardWeights(
            ConvolutionShape(height: 4, width: 5, inputChannels: inputs, outputChannels: outputs, kernel: kernel),
            precision: .float32)
        let source = randomFloats(reference.sourceCount, seed: 1)
        let gradient = randomFloats(reference.outputCount, seed: 2)
        let packed = AlignedBuffer(byteCount: convolution.weightByteCount)
        let bias = AlignedBuffer(floats: outputs)
        convolution(
            source: AlignedBuffer(source).pointer, weightGradient: packed.pointer, biasGradient: bias.pointer,
            destinationGradient: AlignedBuffer(gradient).pointer)
        let before = randomFloats(5 + outputs * 40 * area, seed: 3, in: 100...200)
        let whole = AlignedBuffer(before)
        let place = slice(inputs, kernel: kernel)
        try convolution.unpack(packed.pointer, into: whole.floats, place)

        var expected = before
        let inner = reference.weightGradient(source, gradient)
        for o in 0..<outputs {
            for i in 0..<inputs * area { expected[place.offset + o * place.rowStride + i] = inner[o * inputs * area + i] }
        }
        let after = whole.array(before.count)
        assertClose(actual: after, expected: expected, absolute: 2e-5, relative: 1e-6)
        for i in before.indices where expected[i] >= 100 { #expect(after[i] == before[i]) }
    }

    @Test(arguments: channels) func aProductsSliceMultipliesAsItsCopyDoes(_ inner: Int) throws {
        let columns = 16
        let whole = randomFloats(7 + columns * 40, seed: 1)
        let place = PlainWeights(offset: 7 + 11, rowStride: 40)
        let product = try MatrixProduct(
            rows: 6, columns: columns, inner: inner, source: .float32, destination: .float32, packedWeights: true)
        let packed = AlignedBuffer(byteCount: product.weightByteCount)
        try product.pack(AlignedBuffer(whole).floats, place, transposed: true, into: packed.pointer)
        let copy = (0..<columns).flatMap { whole[(place.offset + $0 * 40)...].prefix(inner) }
        let source = randomFloats(6 * inner, seed: 2)
        let result = AlignedBuffer(floats: 6 * columns)
        product(source: AlignedBuffer(source).pointer, weights: packed.pointer, destination: result.pointer)
        assertClose(
            actual: result.array(6 * columns),
            expected: referenceProduct(
                source, transposed(copy, rows: columns, columns: inner), rows: 6, columns: columns, inner: inner),
            absolute: 1e-5)
    }
}
