/// A file format this library reads and writes.
public enum ImageFormat: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"

    /// Endings of file names, lower case and without the dot; the usual one first.
    public var extensions: [String] {
        switch self {
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
        }
    }

    /// The format a file name asks for, or nil if its extension is none of ours. Case does not matter.
    public init?(pathExtension path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        let pathExtension = name[name.index(after: dot)...].lowercased()
        guard let format = Self.allCases.first(where: { $0.extensions.contains(pathExtension) }) else {
            return nil
        }
        self = format
    }

    /// The format of a file that begins with `bytes` (12 suffice), or nil if they are none of ours.
    init?(magic bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else {
            return nil
        }
    }

    /// The name of a picture format that is recognised but not read, for the error message.
    static func nameOfUnreadFormat(magic bytes: [UInt8]) -> String? {
        let known: [(name: String, offset: Int, magic: String)] = [
            ("TIFF", 0, "II*\0"), ("TIFF", 0, "MM\0*"), ("TIFF", 0, "II+\0"), ("TIFF", 0, "MM\0+"),
            ("GIF", 0, "GIF8"),
            ("BMP", 0, "BM"), ("WebP", 8, "WEBP"), ("HEIF", 4, "ftypheic"), ("HEIF", 4, "ftypmif1"),
            ("AVIF", 4, "ftypavif"),
        ]
        return known.first { bytes.dropFirst($0.offset).starts(with: $0.magic.utf8) }?.name
    }

    /// "PNG or JPEG" and, for file names, ".png or .jpg".
    static let listOfNames = allCases.map(\.rawValue).joined(separator: " or ")
    static let listOfExtensions = allCases.map { "." + $0.extensions[0] }.joined(separator: " or ")
}
