/// The nearest BF16 number, ties to even, by comparing the two neighbours: slow and plain.
package func nearestBFloat16(_ value: Float) -> UInt16 {
    let down = UInt16(value.bitPattern >> 16)
    guard value.isFinite else { return value.isNaN ? down | 0x40 : down }
    let up = down + 1
    let lower = Double(Float(bitPattern: UInt32(down) << 16)).magnitude
    // Beyond the greatest BF16 the next step would be 2^128.
    let next = up & 0x7F80 == 0x7F80 ? 0x1p128 : Double(Float(bitPattern: UInt32(up) << 16)).magnitude
    let (below, above) = (Double(value.magnitude) - lower, next - Double(value.magnitude))
    return below < above || (below == above && down & 1 == 0) ? down : up
}

/// The number that BF16 bits stand for.
package func widened(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

/// Every value rounded to BF16.
package func roundedToBFloat16(_ values: [Float]) -> [Float] { values.map { widened(nearestBFloat16($0)) } }
