/// The file format of the returned image (Image API 3.0, §4.5).
public enum OutputFormat: String, Sendable, Hashable, CaseIterable {
    /// JPEG.
    case jpg
    /// PNG.
    case png
    /// WebP.
    case webp

    /// The media type.
    public var mediaType: String {
        switch self {
        case .jpg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        }
    }

    /// Pixels that a side may have.
    var largestSide: Int {
        switch self {
        case .jpg: 65_500  // libjpeg's
        case .png: Int(Int32.max)
        case .webp: 16_383
        }
    }

    /// Those that level 2 does not ask for.
    static var extra: [OutputFormat] { allCases.filter { $0 != .jpg && $0 != .png } }

    /// - Throws: `IIIFError.badRequest` for anything else.
    public init(_ text: String) throws(IIIFError) {
        guard let format = OutputFormat(rawValue: text) else {
            throw .badRequest(
                "The format \"\(text.shortened)\" is none of \(Self.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        self = format
    }
}
