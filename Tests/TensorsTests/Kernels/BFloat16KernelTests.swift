import CTensorKernels
import Tensors
import TestSupport
import Testing

/// The conversions against a search for the nearest BF16 number.
@Suite struct BFloat16KernelTests {
    func narrowed(_ values: [Float]) -> [UInt16] {
        var out = [UInt16](repeating: 0xDEAD, count: values.count)
        liif_bf16_from_float(&out, values, values.count)
        return out
    }

    @Test func finiteNumbersRoundToTheNearestTiesToEven() {
        var values: [Float] = [
            0, -0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
        ]
        values += [Float.greatestFiniteMagnitude, -.greatestFiniteMagnitude]
        // Around every sort of tie: the lower half just below, at and above one half, above odd and even.
        for upper in [0x0000, 0x0001, 0x007F, 0x3F80, 0x3F81, 0x7F7E, 0x7F7F, 0x8001, 0xBF80, 0xFF7F]
            as [UInt32]
        {
            for lower in [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF] as [UInt32] {
                values.append(Float(bitPattern: upper << 16 | lower))
            }
        }
        var random = SplitMix64(seed: 1)
        while values.count < 20_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if value.isFinite { values.append(value) }
        }
        let actual = narrowed(values)
        for (i, value) in values.enumerated() where actual[i] != nearestBFloat16(value) {
            Issue.record("\(value) (\(value.bitPattern)) became \(actual[i]), not \(nearestBFloat16(value))")
            return
        }
    }

    @Test func infinitiesStayAndNaNStaysNaN() {
        #expect(narrowed([.infinity, -.infinity]) == [0x7F80, 0xFF80])
        // Payloads in the lower half alone must not turn into an infinity.
        let patterns: [UInt32] = [
            0x7F80_0001, 0x7FC0_0000, 0x7FFF_FFFF, 0xFF80_0001, 0xFFFF_FFFF, 0x7F80_FFFF,
        ]
        for (bits, pattern) in zip(narrowed(patterns.map { Float(bitPattern: $0) }), patterns) {
            #expect(widened(bits).isNaN)
            #expect(bits >> 15 == UInt16(pattern >> 31), "the sign is kept")
        }
    }

    @Test func wideningIsExactForAllBits() {
        let all = (0...UInt16.max).map { $0 }
        var wide = [Float](repeating: 0, count: all.count)
        liif_float_from_bf16(&wide, all, all.count)
        #expect(wide.map(\.bitPattern) == all.map { UInt32($0) << 16 })
    }
}
