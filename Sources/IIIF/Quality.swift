/// The colours of the returned image (Image API 3.0, §4.4).
public enum Quality: String, Sendable, Hashable, CaseIterable {
    /// As the image is.
    case `default`
    /// In full colour.
    case color
    /// Grey.
    case gray
    /// Black and white.
    case bitonal

    /// - Throws: `IIIFError.badRequest` for anything else.
    public init(_ text: String) throws(IIIFError) {
        guard let quality = Quality(rawValue: text) else {
            throw .badRequest(
                "The quality \"\(text.shortened)\" is none of \(Self.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        self = quality
    }
}
