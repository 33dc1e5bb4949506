import CTensorKernels

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Zeroed memory at a multiple of 64 bytes (a cache line, an AVX-512 register), freed with its owner.
///
/// Not synchronised: one thread writes at a time, or several write disjoint parts.
package final class AlignedBuffer: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    /// Usable size in bytes.
    package let byteCount: Int

    package init(byteCount: Int) {
        precondition(byteCount >= 0)
        self.byteCount = byteCount
        let rounded = max(64, (byteCount + 63) & ~63)
        guard let memory = aligned_alloc(64, rounded) else { fatalError("no memory for \(byteCount) bytes") }
        clearBytes(memory, count: rounded)
        pointer = memory
    }

    package convenience init(floats count: Int) { self.init(byteCount: count * 4) }

    package convenience init(count: Int, precision: Precision) {
        self.init(byteCount: count * precision.bytes)
    }

    /// Holds a copy of the values.
    package convenience init(_ values: [Float]) {
        self.init(floats: values.count)
        copyFloats(to: floats, from: values)
    }

    deinit { free(pointer) }

    @inlinable package var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
    @inlinable package var bytes: UnsafeMutablePointer<UInt8> { pointer.assumingMemoryBound(to: UInt8.self) }
    @inlinable package var int16s: UnsafeMutablePointer<Int16> { pointer.assumingMemoryBound(to: Int16.self) }
    @inlinable package var bfloat16s: UnsafeMutablePointer<BFloat16Bits> {
        pointer.assumingMemoryBound(to: BFloat16Bits.self)
    }

    /// From now on blocks of a megabyte and more go back to the system when they are freed: for programs that run long.
    package static func returnFreedMemory() { liif_return_freed_memory() }

    package func zero() { clearBytes(pointer, count: byteCount) }
}
