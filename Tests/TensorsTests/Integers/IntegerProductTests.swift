import CTensorKernels
import Tensors
import TestSupport
import Testing

/// Products in integers against exact sums and one rounding.
@Suite struct IntegerProductTests {
    static let extents = [
        (1, 1, 1), (7, 3, 5), (33, 64, 3), (256, 128, 128), (256, 256, 256), (17, 40, 580), (5, 17, 31),
    ]

    /// One case: values in the format's range, scales by which some results saturate at both ends.
    struct Case {
        let rows, columns, inner: Int
        let source: [Int32]
        let weights: [Int16]
        let scales, bias: [Float]

        init(_ format: IntegerFormat, _ rows: Int, _ columns: Int, _ inner: Int) {
            var random = SplitMix64(seed: 1)
            let greatest = format.greatestActivation
            let weightBound: Int16 = format == .eightBit ? 127 : Int16(min(32766, 524_000 / inner))
            (self.rows, self.columns, self.inner) = (rows, columns, inner)
            source = (0..<(rows * inner)).map { _ in Int32.random(in: 0...Int32(greatest), using: &random) }
            weights = (0..<(columns * inner)).map { _ in
                Int16.random(in: -weightBound...weightBound, using: &random)
            }
            let reach = 1 / (greatest * Float(weightBound) * Float(inner).squareRoot())
            scales = (0..<columns).map { _ in 1.6 * greatest * reach * (0.1 + random.unitFloat()) }
            bias = (0..<columns).map { _ in greatest * (1.6 * random.unitFloat() - 0.4) }
        }

        /// Every result against the exact one; how many saturated at each end.
        func check(_ actual: (Int) -> Float, greatest: Float) -> (low: Int, high: Int) {
            var saturated = (low: 0, high: 0)
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = 0
                    for k in 0..<inner {
                        sum += Int(source[row * inner + k]) * Int(weights[column * inner + k])
                    }
                    let exact = Double(scales[column]) * Double(sum) + Double(bias[column])
                    // Halfway, float32's own rounding may tip the balance.
                    let error = abs(
                        Double(actual(row * columns + column)) - min(max(exact, 0), Double(greatest)))
                    #expect(error <= 0.5 + 1e-3, "\(row), \(column): \(exact)")
                    saturated.low += exact < 0 ? 1 : 0
                    saturated.high += exact > Double(greatest) ? 1 : 0
                }
            }
            return saturated
        }
    }

    @Test(.enabled(if: OneDNN.supportsEightBit, "without VNNI, pairs of 8-bit products saturate at 16 bits"))
    func eightBitsEqualSumsRoundedOnce() throws {
        for (rows, columns, inner) in Self.extents {
            try withTestMemory { memory in
                let c = Case(.eightBit, rows, columns, inner)
                let product = try IntegerFormat.eightBit.product(
                    rows: rows, inner: inner, weights: c.weights, scales: c.scales, bias: c.bias)
                let input = memory.buffer(byteCount: c.source.count + 1)
                for (i, value) in c.source.enumerated() { input.bytes[i] = UInt8(value) }
                let output = memory.buffer(byteCount: rows * columns)
                product(source: input.pointer, destination: output.pointer)
                let saturated = c.check({ Float(output.bytes[$0]) }, greatest: 255)
                if rows == 256 { #expect(saturated.low > 100 && saturated.high > 100) }
            }
        }
    }

    /// The portable variant against exact sums, and the others against it, bit for bit.
    @Test(arguments: extents) func sixteenBitsEqualSumsRoundedOnce(_ rows: Int, columns: Int, inner: Int) {
        withTestMemory { memory in
            let c = Case(.sixteenBit, rows, columns, inner)
            let input = memory.buffer(byteCount: 2 * (c.source.count + 1))
            for (i, value) in c.source.enumerated() { input.int16s[i] = Int16(value) }
            // What follows the source counts for nothing.
            input.int16s[c.source.count] = 4095
            let results = (0...Int(liif_product_i16_fastest())).map { variant in
                let product = SixteenBitProduct(
                    rows: rows, inner: inner, weights: c.weights, scales: c.scales, bias: c.bias,
                    variant: variant)
                let output = memory.buffer(byteCount: 2 * rows * columns)
                product(source: input.pointer, destination: output.pointer)
                return (0..<(rows * columns)).map { output.int16s[$0] }
            }
            let saturated = c.check({ Float(results[0][$0]) }, greatest: 4095)
            if rows == 256 { #expect(saturated.low > 100 && saturated.high > 100) }
            for result in results.dropFirst() { #expect(result == results[0]) }
        }
    }

    /// The greatest activations against weights that use all the room, of either sign.
    @Test(arguments: [1, 2, 256, 2000]) func sumsDoNotOverflow(_ inner: Int) {
        let values = [Float](repeating: 0.7, count: inner)
        let steps = IntegerFormat.sixteenBit.stepsPerUnit(of: values)
        let weight = Int16((0.7 * steps).rounded())
        let sum = Double(weight) * 4095 * Double(inner)
        #expect(sum < Double(Int32.max) && sum > 0.9 * Double(Int32.max) || weight == Int16.max - 1)
        for variant in 0...Int(liif_product_i16_fastest()) {
            let product = SixteenBitProduct(
                rows: 1, inner: inner, weights: (0..<(2 * inner)).map { $0 < inner ? weight : -weight },
                scales: [Float(1000 / sum), Float(1000 / sum)], bias: [0, 3000], variant: variant)
            let source = AlignedBuffer(byteCount: 2 * (inner + 1)), output = AlignedBuffer(byteCount: 4)
            for i in 0..<inner { source.int16s[i] = 4095 }
            product(source: source.pointer, destination: output.pointer)
            #expect((0..<2).map { output.int16s[$0] } == [1000, 2000])
            withExtendedLifetime((source, output)) {}
        }
    }

    @Test func eightBitWeightsReach127() {
        #expect(IntegerFormat.eightBit.stepsPerUnit(of: [0.5, -2, 1]) == 63.5)
    }
}
