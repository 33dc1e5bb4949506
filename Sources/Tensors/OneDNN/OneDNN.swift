internal import COneDNN

/// What the linked oneDNN and this processor offer.
public enum OneDNN {
    /// The linked library's version.
    public static let version = String(cString: liif_onednn_version())
    /// Whether the processor multiplies BF16 natively.
    public static let supportsBFloat16 = liif_supports_bfloat16() != 0
    /// Whether the processor multiplies it in tiles (AMX).
    static let multipliesBFloat16InTiles = liif_supports_bfloat16_tiles() != 0
    /// Whether the processor adds up products of 8-bit integers natively (VNNI).
    public static let supportsEightBit = liif_supports_uint8() != 0
    /// Whether the processor has vectors of 512 bits.
    public static let supportsWideVectors = liif_supports_wide_vectors() != 0
}

func check(_ status: Int32, _ operation: @autoclosure () -> String) throws {
    if status != 0 { throw TensorError.engine(operation: operation(), status: Int(status)) }
}

extension Precision {
    var element: liif_element { self == .float32 ? LIIF_FLOAT32 : LIIF_BFLOAT16 }
}

/// One compiled operation. It may be executed by one thread at a time, runs on that thread alone and
/// allocates nothing while it runs: give every worker its own.
package class Primitive {
    let handle: OpaquePointer
    let name: String

    init(_ name: String, _ create: (inout OpaquePointer?) -> Int32) throws {
        var out: OpaquePointer?
        try check(create(&out), name)
        handle = out!
        self.name = name
    }

    deinit { liif_primitive_destroy(handle) }

    /// Bytes of the weights, or of their gradient, in this operation's own layout.
    package var weightByteCount: Int { liif_weights_size(handle) }

    func execute(_ arguments: UnsafePointer<UnsafeMutableRawPointer?>) {
        let status = liif_execute(handle, arguments)
        precondition(status == 0, "\(name) failed with oneDNN's status \(status)")
    }
}
