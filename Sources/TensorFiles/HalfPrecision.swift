// Swift's Float16 does not exist on every platform (macOS on x86), and BFloat16 on none.

/// IEEE 754 half precision (F16) as bits.
enum HalfPrecision {
    /// Exact.
    static func float(bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// Rounds to nearest, ties to even; beyond ±65504 to infinity.
    static func bits(_ value: Float) -> UInt16 {
        let sign = UInt16(value.bitPattern >> 16) & 0x8000
        let magnitude = value.magnitude
        if magnitude.isNaN { return sign | 0x7E00 }
        if magnitude >= 65520 { return sign | 0x7C00 }
        if magnitude < 0x1p-14 {
            // Subnormal: adding 0.5 leaves multiples of 2⁻²⁴ in the fraction, rounded by the addition.
            return sign | UInt16(truncatingIfNeeded: (magnitude + 0.5).bitPattern - Float(0.5).bitPattern)
        }
        let pattern = magnitude.bitPattern - 112 << 23
        return sign | UInt16((pattern + 0xFFF + (pattern >> 13 & 1)) >> 13)
    }
}

/// The upper half of a `Float` (BF16) as bits.
enum BrainFloat {
    /// Exact.
    static func float(bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// Rounds to nearest, ties to even.
    static func bits(_ value: Float) -> UInt16 {
        let pattern = value.bitPattern
        if value.isNaN { return UInt16(pattern >> 16) | 0x40 }
        return UInt16((pattern &+ 0x7FFF &+ (pattern >> 16 & 1)) >> 16)
    }
}
