import ArgumentParser
import Foundation

/// How large the output is: one of four options.
struct OutputSize: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Output = input times this number in both directions, rounded; any number above 0.",
            valueName: "factor"))
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

    func validate() throws {
        let given: [(name: String, isGiven: Bool)] = [
            ("--scale", scale != nil), ("--size", size != nil), ("--width", width != nil),
            ("--height", height != nil),
        ]
        let names = given.filter(\.isGiven).map(\.name)
        guard let name = names.first else {
            throw ValidationError(
                "The output's size is missing: give --scale, --size, --width or --height, --scale 2 for example."
            )
        }
        guard names.count == 1 else {
            throw ValidationError(
                "\(names.joined(separator: " and ")) exclude each other; to set both extents use --size WxH.")
        }
        if let scale, !(scale.isFinite && scale > 0) {
            throw ValidationError("--scale \(scale): the scale must be a number above 0, 3.7 for example.")
        }
        if let extent = width ?? height, extent < 1 {
            throw ValidationError("\(name) \(extent): a picture has at least 1 pixel each way.")
        }
    }

    /// The output's extent for a picture's; at least one pixel each way.
    ///
    /// - Throws: `ValidationError` if it has more than `pixelLimit` pixels.
    func extent(forWidth inputWidth: Int, height inputHeight: Int, pixelLimit: Int) throws -> PixelSize {
        func scaled(_ extent: Int, _ factor: Double) -> Double { max(1, (Double(extent) * factor).rounded()) }
        var (newWidth, newHeight) = (1.0, 1.0)
        if let scale {
            (newWidth, newHeight) = (scaled(inputWidth, scale), scaled(inputHeight, scale))
        } else if let size {
            (newWidth, newHeight) = (Double(size.width), Double(size.height))
        } else if let width {
            (newWidth, newHeight) = (Double(width), scaled(inputHeight, Double(width) / Double(inputWidth)))
        } else if let height {
            (newWidth, newHeight) = (scaled(inputWidth, Double(height) / Double(inputHeight)), Double(height))
        }
        // In floating point, for the product of two absurd numbers overflows an integer.
        guard newWidth * newHeight <= Double(pixelLimit) else {
            throw ValidationError(
                """
                The output would have \(count(newWidth))×\(count(newHeight)) pixels, more than the limit of \
                \(megapixels(pixelLimit)) megapixels; choose a smaller one, or raise --pixel-limit.
                """)
        }
        return PixelSize(width: Int(newWidth), height: Int(newHeight))
    }
}

/// A whole number, astronomic ones as powers of ten.
private func count(_ value: Double) -> String {
    value < 1e9 ? fixed(value, 0) : String(format: "%.3g", value)
}

/// Pixels as millions, without needless decimals.
func megapixels(_ count: Int) -> String {
    let value = Double(count) / 1e6
    return value < 1 ? "\(value)" : fixed(value, value == value.rounded() ? 0 : 1)
}

/// `1920x1080`: across, then down.
struct PixelSize: Equatable, ExpressibleByArgument {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let parts = argument.split(omittingEmptySubsequences: false) { "xX×".contains($0) }.map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else {
            return nil
        }
        self.init(width: width, height: height)
    }

    static var allValueStrings: [String] { [] }
}
