import Tensors
import TestSupport
import Testing

/// Every convolution against plain loops in double precision, by oneDNN, by AMX's products and by Winograd's algorithm.
///
/// Under BF16 the reference reads the rounded inputs, so what remains is the order of a float32 sum, and
/// where the result is BF16 one rounding of it: 2⁻⁸ relative.
@Suite struct ConvolutionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var shape: ConvolutionShape
        var precision: Precision
        var algorithm = ConvolutionAlgorithm.library

        var reference: ReferenceConvolution {
            ReferenceConvolution(
                height: shape.height, width: shape.width, inputChannels: shape.inputChannels,
                outputChannels: shape.outputChannels, kernel: shape.kernel, padsRows: shape.padsRows)
        }

        /// The outer extents of both sides are random numbers of order 1 and so are the results.
        var source: [Float] { precision.rounded(randomFloats(reference.sourceCount, seed: 1)) }
        var gradient: [Float] { precision.rounded(randomFloats(reference.outputCount, seed: 2)) }
        var weights: [Float] {
            let bound = 1 / Float(shape.inputChannels * shape.kernel).squareRoot()
            return precision.rounded(randomFloats(reference.weightCount, seed: 3, in: -bound...bound))
        }
        var plain: PlainWeights {
            PlainWeights(offset: 0, rowStride: shape.inputChannels * shape.kernel * shape.kernel)
        }
        var testDescription: String {
            "\(shape.inputChannels)→\(shape.outputChannels) \(shape.kernel)×\(shape.kernel) on \(shape.height)×"
                + "\(shape.width)\(shape.padsRows ? "" : " unpadded rows") \(precision) \(algorithm)"
        }
    }

    static let cases: [Case] = {
        var cases: [Case] = []
        for (height, width) in [(1, 1), (1, 7), (5, 3), (6, 17)] {
            for (inputs, outputs) in [
                (1, 3), (3, 1), (3, 17), (17, 3), (17, 64), (64, 17), (64, 64), (3, 64),
            ] {
                for kernel in [1, 3] {
                    for padsRows in [true, false] where padsRows || height >= kernel && kernel > 1 {
                        let shape = ConvolutionShape(
                            height: height, width: width, inputChannels: inputs, outputChannels: outputs,
                            kernel: kernel, padsRows: padsRows)
                        cases += Precision.supported.map { Case(shape: shape, precision: $0) }
                    }
                }
            }
        }
        for (height, width) in [(1, 1), (3, 7), (8, 4), (9, 18)] {
            for (inputs, outputs) in [(16, 16), (16, 48), (48, 16), (64, 64)] {
                for padsRows in [true, false] where padsRows || height >= 3 {
                    let shape = ConvolutionShape(
                        height: height, width: width, inputChannels: inputs, outputChannels: outputs,
                        kernel: 3, padsRows: padsRows)
                    cases += Precision.supported.filter { WinogradConvolution.pays(shape, $0) }
                        .map { Case(shape: shape, precision: $0, algorithm: .winograd) }
                }
            }
        }
        for (height, width) in [(1, 1), (3, 7), (6, 17), (4, 70)] {
            for (inputs, outputs) in [(32, 32), (64, 32), (32, 96)] {
                for kernel in [1, 3] {
                    for padsRows in [true, false] where padsRows || height >= kernel && kernel > 1 {
                        let shape = ConvolutionShape(
                            height: height, width: width, inputChannels: inputs, outputChannels: outputs,
                            kernel: kernel, padsRows: padsRows)
                        cases += Precision.allCases.filter { AMXConvolution.pays(shape, $0) }
                            .map { Case(shape: shape, precision: $0, algorithm: .direct) }
                    }
                }
            }
        }
        return cases
    }()

    func expectClose(
        _ actual: [Float], _ expected: [Float], destination: Precision, _ what: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        assertClose(
            actual: actual, expected: expected, absolute: 1e-5,
            relative: destination == .float32 ? 1e-5 : 0x1p-8,
            what, sourceLocation: sourceLocation)
    }

    @Test(arguments: cases) func forwardEqualsPlainLoops(_ test: Case) throws {
        try withTestMemory { memory in
            let reference = test.reference
            let (source, weights) = (test.source, test.weights)
            let bias = randomFloats(test.shape.outputChannels, seed: 4)
            let sums = reference.forward(source, weights: weights)
            for destination in test.precision == .float32 ? [.float32] : [Precision.float32, .bfloat16] {
                let initial = destination.rounded(randomFloats(reference.outputCount, seed: 5))
                for flags in 0..<8 {
                    let (hasBias, accumulate, relu) = (flags & 1 == 0, flags & 2 != 0, flags & 4 != 0)
                    let convolution = try ConvolutionForward(
                        test.shape, source: test.precision, destination: destination, bias: hasBias,
                        accumulate: accumulate, relu: relu, algorithm: test.algorithm)
                    #expect((convolution.tileCount > 0) == (test.algorithm == .winograd))
                    let packed = memory.buffer(byteCount: convolution.weightByteCount)
                    try convolution.pack(weights, test.plain, into: packed.pointer)
                    let result = memory.buffer(initial, as: destination)
                    let copy = memory.buffer(
                        [Float](repeating: 7, count: reference.outputCount), as: .bfloat16)
                    let addend = memory.buffer(initial, as: destination)
                    let isElsewhere = accumulate && relu
                    if isElsewhere { clearBytes(result.pointer, count: result.byteCount) }
                    convolution(
                        source: memory.buffer(source, as: test.precision).pointer, weights: packed.pointer,
                        bias: memory.buffer(bias).pointer,
                        addend: isElsewhere ? UnsafeRawPointer(addend.pointer) : nil,
                        destination: result.pointer,
                        copy: destination == .float32 && relu ? copy.pointer : nil)
                    if destination == .float32 && relu {
                        let rounded = Precision.bfloat16.rounded(result.array(reference.outputCount))
                        #expect(copy.array(reference.outputCount, as: .bfloat16) == rounded)
                    }
                    let expected = sums.enumerated().map { i, sum in
                        let value = sum + (hasBias ? bias[i % bias.count] : 0) + (accumulate ? initial[i] : 0)
                        return relu ? max(0, value) : value
                    }
                    expectClose(
                        result.array(reference.outputCount, as: destination), expected,
                        destination: destination,
                        "bias \(hasBias), accumulate \(accumulate), relu \(relu), to \(destination)")
                }
            }
        }
    }

    @Test(arguments: cases) func backwardDataEqualsPlainLoops(_ test: Case) throws {
        try withTestMemory { memory in
            let reference = test.reference
            for destination in test.precision == .float32 ? [.float32] : [Precision.float32, .bfloat16] {
                let convolution = try ConvolutionBackwardData(
                    test.shape, gradient: test.precision, sourceGradient: destination,
                    algorithm: test.algorithm)
                let packed = memory.buffer(byteCount: convolution.weightByteCount)
                try convolution.pack(test.weights, test.plain, into: packed.pointer)
                // What the result's memory held does not matter.
                let result = memory.buffer(
                    [Float](repeating: 7, count: reference.sourceCount), as: destination)
                let gradient = memory.buffer(test.gradient, as: test.precision)
                convolution(
                    sourceGradient: result.pointer, weights: packed.pointer,
                    destinationGradient: gradient.pointer)
                let expected = reference.sourceGradient(test.gradient, weights: test.weights)
                expectClose(
                    result.array(reference.sourceCount, as: destination), expected,
                    destination: destination, "to \(destination)")
                guard destination == .float32 else { continue }
                convolution(
                    sourceGradient: result.pointer, weights: packed.pointer,
                    destinationGradient: gradient.pointer, accumulate: true)
                expectClose(
                    result.array(reference.sourceCount), expected.map { 2 * $0 }, destination: destination,
                    "added")
            }
        }
    }

    @Test(arguments: cases) func backwardWeightsEqualsPlainLoops(_ test: Case) throws {
        try withTestMemory { memory in
            let reference = test.reference
            let convolution = try ConvolutionBackwardWeights(
                test.shape, precision: test.precision, algorithm: test.algorithm)
            let packed = memory.buffer(byteCount: convolution.weightByteCount)
            for i in 0..<packed.byteCount / 4 { packed.floats[i] = 7 }
            let bias = memory.buffer([Float](repeating: 7, count: test.shape.outputChannels))
            // Once over what the memory holds, and once more on top of that.
            for accumulate in [false, true] {
                convolution(
                    source: memory.buffer(test.source, as: test.precision).pointer,
                    weightGradient: packed.pointer, biasGradient: bias.pointer,
                    destinationGradient: memory.buffer(test.gradient, as: test.precision).pointer,
                    accumulate: accumulate)
            }
            let plain = memory.buffer(byteCount: 4 * (reference.weightCount))
            try convolution.unpack(packed.pointer, into: plain.floats, test.plain)
            // Sums over up to 162 positions of products of order 1.
            assertClose(
                actual: plain.array(reference.weightCount),
                expected: reference.weightGradient(test.source, test.gradient).map { 2 * $0 },
                absolute: 6e-5, relative: 1e-5)
            assertClose(
                actual: bias.array(test.shape.outputChannels),
                expected: reference.biasGradient(test.gradient).map { 2 * $0 },
                absolute: 6e-5, relative: 1e-5)
        }
    }

    @Test func refusalNamesTheOperation() throws {
        let shape = ConvolutionShape(
            height: 1, width: 5, inputChannels: 3, outputChannels: 3, kernel: 3, padsRows: false)
        let error = #expect(throws: TensorError.self) {
            _ = try ConvolutionForward(shape, source: .float32, destination: .float32)
        }
        #expect(error?.description.contains("convolution 3→3 3×3 on 1×5") == true)
    }
}
