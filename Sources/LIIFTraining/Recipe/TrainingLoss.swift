/// What training makes small: a mean over queries and channels, in normalised units.
public enum TrainingLoss: String, Sendable, CaseIterable {
    /// |e|, the paper's (§5.1).
    case l1
    /// e², PyTorch's `MSELoss`: what PSNR measures.
    case l2

    /// A prediction's part of the loss's sum.
    /// - Parameter error: Prediction − truth, e.
    package func value(_ error: Float) -> Double {
        switch self {
        case .l1: Double(abs(error))
        case .l2: Double(error) * Double(error)
        }
    }

    /// Its derivative by the prediction.
    package func slope(_ error: Float) -> Float {
        switch self {
        case .l1: error > 0 ? 1 : error < 0 ? -1 : 0
        case .l2: 2 * error
        }
    }
}
