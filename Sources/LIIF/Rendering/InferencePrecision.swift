public import Tensors

/// The number format that a model computes in when it is used.
public enum InferencePrecision: String, Sendable, CaseIterable, Codable {
    /// IEEE single precision throughout.
    case float32
    /// BF16 products with float32 sums; features are kept in BF16.
    case bfloat16
    /// 8-bit integers in the decoder's hidden layers, which are most of the work; the encoder and the features as
    /// in the fastest floating-point format.
    case int8

    /// Whether this processor computes it natively.
    public var isSupported: Bool {
        switch self {
        case .float32: true
        case .bfloat16: OneDNN.supportsBFloat16
        case .int8: OneDNN.supportsEightBit
        }
    }

    /// The fastest that this processor computes natively.
    public static var fastest: InferencePrecision {
        [.int8, .bfloat16].first(where: \.isSupported) ?? .float32
    }

    /// What the encoder computes in and features are kept in.
    public var features: Precision {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int8: .fastest
        }
    }
}
