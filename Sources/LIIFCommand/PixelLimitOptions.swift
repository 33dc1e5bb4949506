import ArgumentParser
import ImageCodecs

/// How many pixels a picture may have.
struct PixelLimitOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Refuse pictures of more million pixels, before memory is reserved for them (default: \
            \(megapixels(ImageFile.defaultPixelLimit))).
            """, valueName: "megapixels"))
    var pixelLimit: Double?

    func validate() throws {
        if let pixelLimit, !(pixelLimit > 0 && pixelLimit <= 1e9) {
            throw ValidationError(
                "--pixel-limit \(pixelLimit): expected megapixels above 0, 500 for example.")
        }
    }

    /// The limit in pixels.
    var limit: Int { pixelLimit.map { max(1, Int($0 * 1e6)) } ?? ImageFile.defaultPixelLimit }
}

/// A file announces more pixels than are read. The library's error cannot know whether the command has an option for it.
struct PixelLimitError: Error, CustomStringConvertible {
    let file: String
    let width, height, limit: Int
    /// Whether `--pixel-limit` raises the limit.
    let hasOption: Bool

    var description: String {
        let text =
            "\(file) announces \(width)×\(height) pixels, more than the limit of \(megapixels(limit)) megapixels"
        guard hasOption else { return text + "." }
        let needed = (Double(width) * Double(height) / 1e6).rounded(.up)
        return text + "; if the file is trusted, raise it with --pixel-limit \(fixed(needed, 0))."
    }

    /// Does what may find a file too large.
    /// - Parameter hasOption: Whether the command has `--pixel-limit`.
    /// - Throws: This error in place of the library's; all others as they are.
    static func explaining<Value>(hasOption: Bool, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch ImageCodecError.tooManyPixels(let file, let width, let height, let limit) {
            throw PixelLimitError(
                file: file, width: width, height: height, limit: limit, hasOption: hasOption)
        }
    }
}
