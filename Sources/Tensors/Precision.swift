package import CTensorKernels

/// The number format that products and convolutions multiply in; sums are always kept in float32.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// IEEE single precision.
    case float32
    /// The upper half of a float32: its range, 8 bits of precision. Half the memory, twice the rate.
    case bfloat16

    /// Bytes of one element.
    package var bytes: Int { self == .float32 ? 4 : 2 }

    /// BF16 where the processor multiplies it natively, otherwise float32.
    public static var fastest: Precision { Precision.bfloat16.orFloat32 }

    /// This format where the processor multiplies it natively, otherwise float32.
    public var orFloat32: Precision { self == .bfloat16 && !OneDNN.supportsBFloat16 ? .float32 : self }
}

/// The bits of one BF16 number.
package typealias BFloat16Bits = liif_bf16
