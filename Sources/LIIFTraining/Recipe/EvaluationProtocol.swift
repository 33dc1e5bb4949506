package import RecipeFormat

/// `eval_type`: which pixels and channels of a picture the PSNR is taken over.
public enum EvaluationProtocol: Sendable, Equatable, Hashable {
    /// RGB, every pixel: faces, and validation during training. No `eval_type`.
    case none
    /// `div2k-N`: RGB, a border of N + 6 pixels left out.
    case divided2K(scale: Int)
    /// `benchmark-N`: luma of the difference, a border of N pixels left out.
    case benchmark(scale: Int)

    /// RGB, every pixel: the faces of Table 5.
    public static let faces = EvaluationProtocol.none

    /// Pixels left out at each side.
    public var border: Int {
        switch self {
        case .none: 0
        case .divided2K(let scale): scale + 6
        case .benchmark(let scale): scale
        }
    }

    /// As a recipe writes it; nil for `none`.
    public var name: String? {
        switch self {
        case .none: nil
        case .divided2K(let scale): "div2k-\(scale)"
        case .benchmark(let scale): "benchmark-\(scale)"
        }
    }
}

extension EvaluationProtocol {
    /// Reads `eval_type` of a recipe.
    package init(_ section: RecipeSection) throws {
        guard let text = try section.string("eval_type"), text != "none" else {
            self = .none
            return
        }
        let expected = "div2k-N or benchmark-N with a whole scale N of at least 1, or none"
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let scale = Int(parts[1]), (1...1000).contains(scale) else {
            throw section.wrong("eval_type", expected: expected)
        }
        switch parts[0] {
        case "div2k": self = .divided2K(scale: scale)
        case "benchmark": self = .benchmark(scale: scale)
        default: throw section.wrong("eval_type", expected: expected)
        }
    }
}
