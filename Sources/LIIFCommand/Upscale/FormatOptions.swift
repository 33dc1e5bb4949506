import ArgumentParser
import ImageCodecs

/// How outputs are stored.
struct FormatOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The output's format where no name decides it (default: the input's, for the standard output PNG).",
            valueName: "format"))
    var format: FormatChoice?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Quality of JPEG, WebP and JPEG XL, 1 to 100 (default: \(EncodingOptions().jpegQuality) for JPEG, \
            \(EncodingOptions().webpQuality!) for WebP and JPEG XL).
            """, valueName: "1-100"))
    var quality: Int?

    @Flag(help: "Store WebP and JPEG XL without loss.")
    var lossless = false

    @Option(
        help: ArgumentHelp(
            "What compresses TIFF; zstd needs younger readers.", valueName: "method"))
    var tiffCompression = TIFFCompressionChoice.deflate

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Store TIFF in tiles of this side, a multiple of 16 (default: strips).", valueName: "pixels"))
    var tiffTile: Int?

    @Flag(
        help: """
            Drop all metadata: EXIF, XMP, resolution, and the colour profile, for which colours are converted to \
            sRGB. Otherwise metadata are kept, corrected where they speak of pixels, and a note on program, model \
            and scale is added.
            """)
    var strip = false

    func validate() throws {
        if let quality, !(1...100).contains(quality) {
            throw ValidationError("--quality \(quality): the quality is 1 to 100.")
        }
        if let tiffTile, tiffTile % 16 != 0 || !(16...4096).contains(tiffTile) {
            throw ValidationError("--tiff-tile \(tiffTile): a multiple of 16 from 16 to 4096 is needed.")
        }
        if lossless && quality != nil {
            throw ValidationError("--lossless and --quality exclude each other.")
        }
        if lossless && format?.format == .jpeg { throw Self.noLosslessJPEG(isNamed: false) }
    }

    /// Why `--lossless` does not go with a JPEG file.
    /// - Parameter isNamed: Whether the output's name decides its format.
    static func noLosslessJPEG(isNamed: Bool) -> ValidationError {
        let advice = isNamed ? "end the name in .png, .webp or .jxl" : "give --format png, webp or jxl"
        return ValidationError("--lossless: JPEG has no such kind; \(advice).")
    }

    /// Whether anything was said.
    var isGiven: Bool {
        format != nil || quality != nil || lossless || tiffCompression != .deflate || tiffTile != nil || strip
    }

    var encoding: EncodingOptions {
        var options = EncodingOptions()
        if let quality {
            (options.jpegQuality, options.webpQuality, options.jpegXLQuality) = (quality, quality, quality)
        }
        if lossless { (options.webpQuality, options.jpegXLQuality) = (nil, nil) }
        options.tiff = TIFFOptions(compression: tiffCompression.compression, tileSize: tiffTile)
        return options
    }
}

/// `--tiff-compression`
enum TIFFCompressionChoice: String, CaseIterable, ExpressibleByArgument {
    case deflate, zstd, lzw, none

    var compression: TIFFOptions.Compression {
        switch self {
        case .deflate: .deflate()
        case .zstd: .zstd()
        case .lzw: .lzw
        case .none: .none
        }
    }
}
