public import Tensors

/// The number format that a model computes in when it is used.
public enum InferencePrecision: String, Sendable, CaseIterable, Codable {
    /// IEEE single precision throughout.
    case float32
    /// BF16 products with float32 sums; features are kept in BF16. A processor that does not support it throws `TensorError`.
    case bfloat16
    /// 16-bit integers in the decoder's hidden layers, which are most of the work; the encoder and the features as
    /// in the fastest floating-point format. Where the decoder is told of pixels larger than the source's, its hidden layers
    /// are in that format too: integers have no room for the activations.
    case int16
    /// The same with 8-bit integers; with 16-bit ones where the processor does not support these.
    case int8

    /// Whether this processor computes it natively.
    public var isSupported: Bool {
        switch self {
        case .float32: true
        case .bfloat16: OneDNN.supportsBFloat16
        case .int16: IntegerFormat.sixteenBit.isSupported
        case .int8: IntegerFormat.eightBit.isSupported
        }
    }

    /// The fastest that this processor computes natively: float32 passes our 16-bit integers where its vectors are wider
    /// than theirs (AVX-512).
    public static var fastest: InferencePrecision {
        [.int8, .bfloat16].first(where: \.isSupported)
            ?? (InferencePrecision.int16.isSupported && !OneDNN.supportsWideVectors ? .int16 : .float32)
    }

    /// What the decoder's hidden layers compute in, if that is integers. Without VNNI sums of 8-bit products saturate: then
    /// 16 bits take their place, which are exact on any processor.
    package var integers: IntegerFormat? {
        switch self {
        case .float32, .bfloat16: nil
        case .int16: .sixteenBit
        case .int8: IntegerFormat.eightBit.isSupported ? .eightBit : .sixteenBit
        }
    }

    /// What the encoder computes in and features are kept in.
    public var features: Precision {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int16, .int8: .fastest
        }
    }
}
