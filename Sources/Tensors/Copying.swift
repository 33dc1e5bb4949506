import CTensorKernels

/// Copies bytes; the two ranges may overlap.
///
/// Never inlined: Swift 6.3.1 ends a throwing function with a bare jump to memmove or memset and so returns
/// whatever the error register holds, which the caller takes for an error (Docs/Decisions/0006). Memory in a
/// throwing function or closure is copied and cleared through these.
@inline(never)
package func copyBytes(to target: UnsafeMutableRawPointer, from source: UnsafeRawPointer, count: Int) {
    target.copyMemory(from: source, byteCount: count)
}

/// Copies floats; the two ranges may overlap.
@inline(never)
package func copyFloats(to target: UnsafeMutablePointer<Float>, from source: UnsafePointer<Float>, count: Int)
{
    target.update(from: source, count: count)
}

/// Copies all floats of an array.
package func copyFloats(to target: UnsafeMutablePointer<Float>, from values: [Float]) {
    values.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { copyFloats(to: target, from: start, count: source.count) }
    }
}

/// Sets bytes to zero.
@inline(never)
package func clearBytes(_ target: UnsafeMutableRawPointer, count: Int) {
    target.initializeMemory(as: UInt8.self, repeating: 0, count: count)
}

/// Copies floats to memory of a precision, rounded to nearest.
package func copyFloats(
    to target: UnsafeMutableRawPointer, as precision: Precision, from source: UnsafePointer<Float>, count: Int
) {
    switch precision {
    case .float32: copyBytes(to: target, from: source, count: count * 4)
    case .bfloat16: liif_bf16_from_float(target.assumingMemoryBound(to: BFloat16Bits.self), source, count)
    }
}

/// Copies memory of a precision to floats.
package func copyFloats(
    to target: UnsafeMutablePointer<Float>, from source: UnsafeRawPointer, as precision: Precision, count: Int
) {
    switch precision {
    case .float32: copyBytes(to: target, from: source, count: count * 4)
    case .bfloat16: liif_float_from_bf16(target, source.assumingMemoryBound(to: BFloat16Bits.self), count)
    }
}
