package import Tensors

extension AlignedBuffer {
    /// Holds a copy of the values, under BF16 rounded.
    package convenience init(_ values: [Float], as precision: Precision) {
        self.init(count: values.count, precision: precision)
        set(values, as: precision)
    }

    /// Overwrites the first elements.
    package func set(_ values: [Float], as precision: Precision = .float32) {
        switch precision {
        case .float32: for (i, value) in values.enumerated() { floats[i] = value }
        case .bfloat16: for (i, value) in values.enumerated() { bfloat16s[i] = nearestBFloat16(value) }
        }
    }

    /// A copy of the first elements.
    package func array(_ count: Int, as precision: Precision = .float32) -> [Float] {
        switch precision {
        case .float32: (0..<count).map { floats[$0] }
        case .bfloat16: (0..<count).map { widened(bfloat16s[$0]) }
        }
    }
}

extension Precision {
    /// What this processor computes in: float32 everywhere, BF16 where it is native.
    package static var supported: [Precision] {
        OneDNN.supportsBFloat16 ? [.float32, .bfloat16] : [.float32]
    }

    /// What a buffer of this precision makes of values.
    package func rounded(_ values: [Float]) -> [Float] {
        self == .float32 ? values : roundedToBFloat16(values)
    }
}

/// Uniform numbers in a range, the same for the same seed.
package func randomFloats(_ count: Int, seed: UInt64, in range: ClosedRange<Float> = -1...1) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return generator.uniforms(count, in: range)
}

/// Buffers that live until it is released: a buffer whose last mention is `.pointer` may be freed before the
/// pointer is read.
package final class TestMemory {
    private var buffers: [AlignedBuffer] = []

    /// A buffer that holds a copy of the values.
    package func buffer(_ values: [Float], as precision: Precision = .float32) -> AlignedBuffer {
        keep(AlignedBuffer(values, as: precision))
    }

    /// A buffer of zeros.
    package func buffer(byteCount: Int) -> AlignedBuffer { keep(AlignedBuffer(byteCount: byteCount)) }

    private func keep(_ buffer: AlignedBuffer) -> AlignedBuffer {
        buffers.append(buffer)
        return buffer
    }
}

/// Calls `body` with memory that lives until it returns.
package func withTestMemory<Result>(_ body: (TestMemory) throws -> Result) rethrows -> Result {
    let memory = TestMemory()
    defer { withExtendedLifetime(memory) {} }
    return try body(memory)
}
