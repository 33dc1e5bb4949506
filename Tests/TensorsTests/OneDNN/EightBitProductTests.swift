import Tensors
import TestSupport
import Testing

/// 8-bit products against exact integer sums and one rounding.
@Suite(.enabled(if: OneDNN.supportsEightBit, "without VNNI, pairs of 8-bit products saturate at 16 bits"))
struct EightBitProductTests {
    @Test(arguments: [(1, 1, 1), (7, 3, 5), (33, 64, 3), (256, 128, 128), (256, 256, 256), (17, 40, 580)])
    func equalsIntegerSumsRoundedOnce(_ rows: Int, columns: Int, inner: Int) throws {
        try withTestMemory { memory in
            var random = SplitMix64(seed: 1)
            let source = (0..<(rows * inner)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let weights = (0..<(columns * inner)).map { _ in Int8.random(in: -127...127, using: &random) }
            let reach = 1 / (255 * 127 * Float(inner).squareRoot())
            let scales = (0..<columns).map { _ in 400 * reach * (0.1 + random.unitFloat()) }
            let bias = (0..<columns).map { _ in 400 * random.unitFloat() - 100 }
            let product = try EightBitProduct(rows: rows, columns: columns, inner: inner, scales: scales)
            let packed = memory.buffer(byteCount: product.weightByteCount)
            try product.pack(weights, into: packed.pointer)
            let packedBias = memory.buffer(bias)
            product.pack(bias: bias, into: packedBias.floats)
            let input = memory.buffer(byteCount: source.count)
            for (i, value) in source.enumerated() { input.bytes[i] = value }
            let output = memory.buffer(byteCount: rows * columns)
            product(
                source: input.pointer, weights: packed.pointer, bias: packedBias.pointer,
                destination: output.pointer)
            var saturated = (low: 0, high: 0)
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = 0
                    for k in 0..<inner {
                        sum += Int(source[row * inner + k]) * Int(weights[column * inner + k])
                    }
                    let exact = Double(scales[column]) * Double(sum) + Double(bias[column])
                    let actual = Double(output.bytes[row * columns + column])
                    // Halfway, float32's own rounding may tip the balance.
                    #expect(
                        abs(actual - min(max(exact, 0), 255)) <= 0.5 + 1e-3, "\(row), \(column): \(exact)")
                    saturated.low += exact < 0 ? 1 : 0
                    saturated.high += exact > 255 ? 1 : 0
                }
            }
            if rows == 256 { #expect(saturated.low > 100 && saturated.high > 100) }
        }
    }
}
