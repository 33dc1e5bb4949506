import ArgumentParser
import Files
import ImageCodecs

/// `--name`: how outputs in a folder are called, such as `{name}@{scale}x.{ext}`.
struct NameTemplate: Equatable, ExpressibleByArgument {
    /// What may stand in braces.
    static let fields = ["name", "ext", "scale", "width", "height"]

    private enum Piece: Equatable {
        case text(String)
        case field(String)
    }
    private var pieces: [Piece] = []
    let text: String

    static let standard = NameTemplate(argument: "{name}.{ext}")!

    var defaultValueDescription: String { text }

    init?(argument: String) {
        text = argument
        var rest = argument[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let field = String(rest[rest.index(after: open)..<close])
            guard Self.fields.contains(field) else { return nil }
            pieces += [.text(String(rest[..<open])), .field(field)]
            rest = rest[rest.index(after: close)...]
        }
        pieces.append(.text(String(rest)))
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard !rest.contains("}"), !parts.contains(""), !parts.contains(".."), !parts.contains(".") else {
            return nil
        }
        guard argument.hasSuffix(".{ext}") || ImageFormat(pathExtension: argument) != nil else { return nil }
    }

    static var allValueStrings: [String] { [] }

    /// - Parameters:
    ///   - input: The input's file name.
    ///   - format: What `{ext}` stands for; nil for the input's own extension, or PNG where that is no picture's.
    func name(for input: String, format: ImageFormat?, scale: Double, size: PixelSize) -> String {
        let stem = PathName.stem(of: input)
        let ownExtension = PathName.pathExtension(of: input) ?? ""
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .field("name"): result += stem
            case .field("ext"):
                result +=
                    format?.extensions[0] ?? (ImageFormat(pathExtension: input) == nil ? "png" : ownExtension)
            case .field("scale"): result += shortest(scale)
            case .field("width"): result += "\(size.width)"
            default: result += "\(size.height)"
            }
        }
        return result
    }
}

/// `--format`: the output's format by one of its file name extensions.
struct FormatChoice: Equatable, ExpressibleByArgument {
    let format: ImageFormat

    init?(argument: String) {
        guard let format = ImageFormat(pathExtension: "x." + argument) else { return nil }
        self.format = format
    }

    static var allValueStrings: [String] {
        ImageFormat.allCases.map { $0 == .jpegXL ? "jxl" : $0.rawValue.lowercased() }
    }
}
