public import Imaging

/// Why an image cannot be shown as asked for.
public enum RenderingError: Error, Equatable, CustomStringConvertible {
    /// The model is an up-sampling module of one scale, and another one, or part of a pixel, is asked for.
    case fixedScale(Int, region: Region, height: Int, width: Int)

    /// A sentence that says what is asked for and what would be right.
    public var description: String {
        switch self {
        case .fixedScale(let scale, let region, let height, let width):
            let whole = (Double(scale) * region.width, Double(scale) * region.height)
            func text(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
            return "the model enlarges by \(scale) and nothing else (an up-sampling module): expected "
                + "\(text(whole.0))×\(text(whole.1)) pixels from \(text(region.width))×\(text(region.height)), "
                + "found \(width)×\(height). LIIF and MetaSR models take any size."
        }
    }
}
