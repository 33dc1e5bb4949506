import ArgumentParser
import ImageCodecs

/// How large the output is: exactly one way to say it, and perhaps an upper limit.
struct OutputSize: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Output = input times this number in both directions, rounded; any number above 0.
            """, valueName: "factor"))
    var scale: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Exactly this many pixels, such as 1920x1080; stretches if the shapes differ.", valueName: "WxH"))
    var size: PixelSize?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "This many pixels across; the height follows the input's shape.", valueName: "pixels"))
    var width: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("This many pixels down; the width follows the input's shape.", valueName: "pixels")
    )
    var height: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "As large as fits into this box, such as 3840x2160; the shape is kept.", valueName: "WxH"))
    var fit: PixelSize?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Alone: as many pixels as this, in millions, the shape kept. With --scale, --width, --height or --fit: \
            an upper limit, to which larger outputs are reduced.
            """, valueName: "megapixels"))
    var maxMegapixels: Double?

    /// Options that are given, but for the limit.
    private var names: [String] {
        let given: [(name: String, isGiven: Bool)] = [
            ("--scale", scale != nil), ("--size", size != nil), ("--width", width != nil),
            ("--height", height != nil), ("--fit", fit != nil),
        ]
        return given.filter(\.isGiven).map(\.name)
    }

    /// Whether a size is said at all.
    var isGiven: Bool { !names.isEmpty || maxMegapixels != nil }

    /// - Throws: `ValidationError` if no size is said.
    func require() throws {
        guard isGiven else {
            throw ValidationError(
                """
                The output's size is missing: give --scale, --size, --width, --height, --fit or \
                --max-megapixels, --scale 2 for example.
                """)
        }
    }

    func validate() throws {
        guard names.count <= 1 else {
            let advice =
                names == ["--width", "--height"]
                ? "to set both extents use --size WxH, and to stay within both --fit WxH."
                : "give one of them."
            throw ValidationError("\(names.joined(separator: " and ")) exclude each other; \(advice)")
        }
        if let scale, !(scale.isFinite && scale > 0) {
            throw ValidationError("--scale \(scale): the scale must be a number above 0, 3.7 for example.")
        }
        if let extent = width ?? height, extent < 1 {
            throw ValidationError("\(names[0]) \(extent): a picture has at least 1 pixel each way.")
        }
        guard let maxMegapixels else { return }
        guard maxMegapixels >= 1e-6, maxMegapixels <= 1e9 else {
            throw ValidationError(
                "--max-megapixels \(maxMegapixels): expected millions of pixels above 0, 50 for example.")
        }
        guard size == nil else {
            throw ValidationError(
                "--size and --max-megapixels exclude each other: --size says exactly how many pixels there are."
            )
        }
    }

    /// The output's extent for a picture's, or for a part of it; at least one pixel each way.
    ///
    /// - Parameter pixelLimit: nil for `ImageFile.defaultPixelLimit`, where no option raises it.
    /// - Throws: `ValidationError` if it has more than `pixelLimit` pixels.
    func extent(
        forWidth inputWidth: Double, height inputHeight: Double, pixelLimit: Int? = nil
    ) throws -> PixelSize {
        func scaled(_ extent: Double, _ factor: Double) -> Double { max(1, (extent * factor).rounded()) }
        var (newWidth, newHeight) = (inputWidth, inputHeight)
        if let scale {
            (newWidth, newHeight) = (scaled(inputWidth, scale), scaled(inputHeight, scale))
        } else if let size {
            (newWidth, newHeight) = (Double(size.width), Double(size.height))
        } else if let width {
            (newWidth, newHeight) = (Double(width), scaled(inputHeight, Double(width) / inputWidth))
        } else if let height {
            (newWidth, newHeight) = (scaled(inputWidth, Double(height) / inputHeight), Double(height))
        } else if let fit {
            let factor = min(Double(fit.width) / inputWidth, Double(fit.height) / inputHeight)
            newWidth = min(scaled(inputWidth, factor), Double(fit.width))
            newHeight = min(scaled(inputHeight, factor), Double(fit.height))
        }
        if let maxMegapixels {
            let isSize = (scale == nil && width == nil && height == nil && fit == nil)
            let pixels = (maxMegapixels * 1e6).rounded()
            if !(newWidth * newHeight).isFinite {
                // The shape is lost; the input has it.
                (newWidth, newHeight) = Self.filling(pixels, width: inputWidth, height: inputHeight)
            } else if isSize || newWidth * newHeight > pixels {
                (newWidth, newHeight) = Self.filling(pixels, width: newWidth, height: newHeight)
            }
        }
        // In floating point, for the product of two absurd numbers overflows an integer.
        let limit = pixelLimit ?? ImageFile.defaultPixelLimit
        guard newWidth * newHeight <= Double(limit) else {
            throw ValidationError(
                """
                The output would have \(wholeNumber(newWidth))×\(wholeNumber(newHeight)) pixels, more than the limit of \
                \(megapixels(limit)) megapixels; choose a smaller one\
                \(pixelLimit == nil ? "" : ", or raise --pixel-limit").
                """)
        }
        return PixelSize(width: Int(newWidth), height: Int(newHeight))
    }

    /// As many whole pixels as a number allows, in a shape.
    private static func filling(_ pixels: Double, width: Double, height: Double) -> (Double, Double) {
        let factor = (pixels / (width * height)).squareRoot()
        // 1e-9: a root that is whole but for its rounding stays so.
        let across = max(1, (width * factor + 1e-9).rounded(.down))
        let down = max(1, (height * factor + 1e-9).rounded(.down))
        return across == 1
            ? (1, min(max(down, 1), pixels)) : down == 1 ? (min(across, pixels), 1) : (across, down)
    }
}
