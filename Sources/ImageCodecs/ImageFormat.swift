import Files

/// A file format this library reads and writes.
public enum ImageFormat: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case tiff = "TIFF"
    case webp = "WebP"
    case jpegXL = "JPEG XL"

    /// Endings of file names, lower case and without the dot; the usual one first.
    public var extensions: [String] {
        switch self {
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
        case .tiff: ["tif", "tiff"]
        case .webp: ["webp"]
        case .jpegXL: ["jxl"]
        }
    }

    /// The format a file name asks for, or nil if its extension is none of ours. Case does not matter.
    public init?(pathExtension path: String) {
        guard let pathExtension = PathName.pathExtension(of: path)?.lowercased(),
            let format = Self.allCases.first(where: { $0.extensions.contains(pathExtension) })
        else { return nil }
        self = format
    }

    /// Whether a file name's extension is that of a picture format which is recognised but not read. Case does not
    /// matter.
    package static func isUnread(pathExtension path: String) -> Bool {
        PathName.pathExtension(of: path).map { unreadExtensions.contains($0.lowercased()) } ?? false
    }

    private static let unreadExtensions: Set = ["heic", "heif", "hif", "avif", "gif", "bmp", "psd", "jp2"]

    /// The format of a file that begins with `bytes` (12 suffice), or nil if they are none of ours.
    init?(magic bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if Self.tiffHeaders.contains(where: { bytes.starts(with: $0.utf8) }) {
            self = .tiff
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else if Self.jpegXLHeaders.contains(where: { bytes.starts(with: $0) }) {
            self = .jpegXL
        } else {
            return nil
        }
    }

    /// The name of a picture format that is recognised but not read, with its article, for the error message.
    static func nameOfUnreadFormat(magic bytes: [UInt8]) -> String? {
        let known: [(name: String, offset: Int, magic: String)] = [
            ("a GIF", 0, "GIF8"), ("a BMP", 0, "BM"), ("a HEIF", 4, "ftypheic"), ("a HEIF", 4, "ftypheix"),
            ("a HEIF", 4, "ftyphevc"), ("a HEIF", 4, "ftypmif1"), ("a HEIF", 4, "ftypmsf1"),
            ("an AVIF", 4, "ftypavif"), ("an AVIF", 4, "ftypavis"), ("a JPEG 2000", 4, "jP  "),
            ("a Photoshop", 0, "8BPS"), ("a PDF", 0, "%PDF"),
        ]
        return known.first { bytes.dropFirst($0.offset).starts(with: $0.magic.utf8) }?.name
    }

    /// Classic and BigTIFF, in both byte orders.
    private static let tiffHeaders = ["II*\0", "MM\0*", "II+\0", "MM\0+"]

    /// The codestream alone, and in boxes.
    private static let jpegXLHeaders: [[UInt8]] = [
        [0xFF, 0x0A], [0, 0, 0, 12] + Array("JXL ".utf8) + [0x0D, 0x0A, 0x87, 0x0A],
    ]

    /// "PNG, JPEG, TIFF, WebP or JPEG XL" and, for file names, ".png, .jpg, .tif, .webp or .jxl".
    public static let listOfNames = list(allCases.map(\.rawValue))
    /// The usual extension of each format.
    public static let listOfExtensions = list(allCases.map { "." + $0.extensions[0] })

    /// "a", "a or b", "a, b or c".
    static func list(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words.last!
    }
}
