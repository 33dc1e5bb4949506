import ArgumentParser
import LIIF

/// `liif encode`
struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a picture's features, which liif upscale and liif serve then need not compute.",
        discussion: """
            A .liif file holds the features in BF16, 128 bytes a pixel for the default model, the pixels themselves and \
            the digest of the model; only that model decodes it. The container is safetensors.

            Example:
              liif encode photo.jpg -o photo.liif
              liif upscale photo.liif -o poster.png --scale 8
            """)

    @Argument(help: ArgumentHelp("The picture to encode.", valueName: "input"))
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where the features go: a .liif file.", valueName: "file"))
    var output: String

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup var pixels: PixelLimitOptions

    func validate() throws {
        guard FeatureFile.isNamed(output) else {
            throw ValidationError("\(output): the name of a file of features ends in .liif.")
        }
    }

    func run() throws {
        try FeatureEncoding(model: model, pixelLimit: pixels.limit).encode(input, to: output)
    }
}
