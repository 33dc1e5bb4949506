import Tensors
import TestSupport
import Testing

/// What the convolutions' own tests do not reach: every instruction set, shares of the tiles, strips, weights that are a
/// slice of a larger tensor. The oracle is the plain loop.
@Suite struct WinogradTests {
    static let shape = ConvolutionShape(
        height: 11, width: 13, inputChannels: 32, outputChannels: 48, kernel: 3, padsRows: true)

    private let reference: ReferenceConvolution
    private let source, weights, bias: AlignedBuffer
    /// The weights lie in rows that are longer than they are.
    private let plain = PlainWeights(offset: 5, rowStride: 32 * 9 + 7)
    private let values: [Float]

    init() {
        let shape = Self.shape
        reference = ReferenceConvolution(
            height: shape.height, width: shape.width, inputChannels: shape.inputChannels,
            outputChannels: shape.outputChannels, kernel: 3, padsRows: true)
        source = AlignedBuffer(randomFloats(reference.sourceCount, seed: 1))
        bias = AlignedBuffer(randomFloats(shape.outputChannels, seed: 2))
        values = randomFloats(reference.weightCount, seed: 3, in: -0.1...0.1)
        weights = AlignedBuffer(floats: plain.offset + plain.rowStride * shape.outputChannels)
        for (i, value) in values.enumerated() {
            weights.floats[plain.offset + i / 288 * plain.rowStride + i % 288] = value
        }
    }

    private func packed(_ convolution: WinogradConvolution) -> AlignedBuffer {
        let packed = AlignedBuffer(floats: convolution.packedCount)
        convolution.pack(weights.floats, plain, into: packed.floats)
        return packed
    }

    /// The whole result, made in shares.
    private func forward(
        _ convolution: WinogradConvolution, parts: Int, source: AlignedBuffer? = nil,
        destination: Precision = .float32
    ) -> [Float] {
        let result = AlignedBuffer(count: reference.outputCount, precision: destination)
        let scratch = AlignedBuffer(floats: convolution.forwardScratch)
        let packed = packed(convolution)
        for part in 0..<parts {
            convolution.forward(
                source: (source ?? self.source).pointer, weights: packed.floats, bias: bias.floats,
                addend: nil, destination: result.pointer, scratch: scratch.floats, rows: 11,
                part: (part, parts))
        }
        return result.array(reference.outputCount, as: destination)
    }

    /// Every instruction set, on maps of either element type. BF16 makes the plain loop read rounded numbers and rounds once.
    @Test(arguments: WinogradConvolution.variants, Precision.allCases)
    func everyInstructionSetEqualsPlainLoops(_ variant: Int, _ precision: Precision) throws {
        let numbers = precision.rounded(source.array(reference.sourceCount))
        let source = AlignedBuffer(numbers, as: precision)
        let sums = reference.forward(numbers, weights: values)
        let expected = sums.enumerated().map { $1 + bias.floats[$0 % 48] }
        for destination in Precision.allCases {
            let made = forward(
                WinogradConvolution(
                    Self.shape, source: precision, destination: destination, variant: variant), parts: 1,
                source: source, destination: destination)
            assertClose(
                actual: made, expected: expected, absolute: 5e-6,
                relative: destination == .float32 ? 0 : 0x1p-8)
        }

        let convolution = WinogradConvolution(Self.shape, source: precision, variant: variant)
        let gradients = precision.rounded(randomFloats(reference.outputCount, seed: 4))
        let gradient = AlignedBuffer(gradients, as: precision)
        let packedGradient = AlignedBuffer(floats: convolution.gradientCount)
        let biasGradient = AlignedBuffer(floats: 48)
        let scratch = AlignedBuffer(floats: convolution.gradientScratch)
        convolution.weightGradient(
            source: source.pointer, gradient: gradient.pointer, into: packedGradient.floats,
            bias: biasGradient.floats, scratch: scratch.floats)
        let result = AlignedBuffer(floats: weights.byteCount / 4)
        convolution.unpack(packedGradient.floats, into: result.floats, plain)
        let weightGradient = reference.weightGradient(numbers, gradients)
        assertClose(
            actual: weightGradient.indices.map {
                result.floats[plain.offset + $0 / 288 * plain.rowStride + $0 % 288]
            }, expected: weightGradient, absolute: 5e-5)
        assertClose(
            actual: biasGradient.array(48),
            expected: reference.biasGradient(gradients), absolute: 2e-5)
    }

    /// Rounding to BF16 must not carry a NaN's bits over into an infinity's, nor the other way round.
    @Test(arguments: WinogradConvolution.variants) func whatIsNotFiniteStaysSo(_ variant: Int) {
        let numbers: [Float] = [.infinity, -.infinity, .nan, Float(bitPattern: 0x7F80_0001), 3.4e38]
        for (c, number) in numbers.enumerated() { bias.floats[c] = number }
        for destination in Precision.allCases {
            let convolution = WinogradConvolution(Self.shape, destination: destination, variant: variant)
            let made = forward(convolution, parts: 1, destination: destination)
            #expect(made[0] == .infinity && made[1] == -.infinity)
            #expect(made[2].isNaN && made[3].isNaN && made[48 + 2].isNaN)
            // Beyond BF16's greatest number, 3.39e38, by more than half a step.
            #expect(made[4].isFinite == (destination == .float32))
        }
    }

    @Test func sharesMakeTheSameBits() {
        let convolution = WinogradConvolution(Self.shape)
        let whole = forward(convolution, parts: 1)
        #expect(convolution.tileCount == 12)
        for parts in [2, 5, 12] {
            #expect(forward(convolution, parts: parts) == whole, "\(parts) parts")
        }
    }

    @Test(arguments: [4, 8]) func stripsMakeTheSameBits(_ stripRows: Int) {
        let whole = forward(WinogradConvolution(Self.shape), parts: 1)
        let (rowCount, width) = (13 * 32, 13 * 48)
        var shape = Self.shape
        shape.padsRows = false
        shape.height = stripRows + 2
        let convolution = WinogradConvolution(shape)
        let packed = packed(convolution)
        let scratch = AlignedBuffer(floats: convolution.forwardScratch)
        // A row of zeros above and below the picture.
        let padded = AlignedBuffer(floats: 13 * rowCount)
        for i in 0..<(11 * rowCount) { padded.floats[rowCount + i] = source.floats[i] }
        let result = AlignedBuffer(floats: reference.outputCount)
        for row in stride(from: 0, to: 11, by: stripRows) {
            convolution.forward(
                source: padded.floats + row * rowCount, weights: packed.floats, bias: bias.floats,
                addend: nil,
                destination: result.floats + row * width, scratch: scratch.floats,
                rows: min(stripRows, 11 - row), part: (0, 1))
        }
        #expect(result.array(reference.outputCount) == whole)
    }

    @Test func otherShapesAreLeftToDirectConvolution() {
        var shape = Self.shape
        #expect(WinogradConvolution.supports(shape) && WinogradConvolution.pays(shape, .float32))
        shape.inputChannels = 24
        #expect(!WinogradConvolution.supports(shape) && !WinogradConvolution.pays(shape, .float32))
        shape.inputChannels = 32
        shape.kernel = 1
        #expect(!WinogradConvolution.supports(shape))
    }
}
