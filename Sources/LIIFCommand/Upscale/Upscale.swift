import ArgumentParser
import Foundation
import ImageCodecs
import Imaging
import LIIF

/// `liif upscale`
struct Upscale: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show pictures at another resolution.",
        usage: """
            liif upscale <input> -o <file> <size> [<options>]
            liif upscale <input> ... -o <folder> <size> [<options>]
            """,
        discussion: """
            Any scale is possible, whole or not. The output's format follows its name's extension. It is written \
            row by row, in little memory, and appears under its name when it is complete.

            With a folder as output, every input is tried: a bad one is reported and the rest goes on; outputs \
            that exist are skipped, so that an interrupted run can be given again. The exit status is 0 if all \
            went well, 1 if some picture failed, 64 for a wrong command line.

            A grey picture stays grey, 16 bits stay 16 (JPEG has 8), and transparency is enlarged with the colours.

            Examples:
              liif upscale photo.jpg -o poster.png --scale 3.7
              liif upscale photo.jpg -o wallpaper.jpg --fit 3840x2160 --quality 90
              liif upscale photo.jpg -o face.png --region 40%,10%,20%,30% --width 1024
              liif upscale *.jpg -o large/ --scale 4 --name '{name}@{scale}x.{ext}'
              liif upscale album -r -o album-4k --fit 3840x2160 --json
              curl -s https://example.org/a.png | liif upscale - -o - --scale 2 --format png > b.png
            """)

    @Argument(
        help: ArgumentHelp(
            "Pictures, folders of pictures, patterns such as '*.jpg', or - for the standard input.",
            valueName: "input"))
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            """
            Where the result goes: a file, whose extension decides its format; a folder, if there are several \
            inputs or the name ends in /; or - for the standard output.
            """, valueName: "file"))
    var output: String

    @OptionGroup(title: "Size (one of; --max-megapixels also as a limit)") var size: OutputSize

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Show only this part: left, top, width and height in pixels of the input, or in per cent of it with a \
            % behind the number. The size is that of the part.
            """, valueName: "x,y,w,h"))
    var region: SourceRegion?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Tell the decoder pixels of another size than they have: those of this scale, as in Figure 7 of the \
            paper (default: the true one).
            """, valueName: "scale"))
    var cell: Double?

    @OptionGroup(title: "Folders") var folders: FolderOptions

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(
        help: ArgumentHelp(
            """
            The output's format where no name decides it, \
            \(FormatChoice.allValueStrings.joined(separator: ", ")) (default: the input's).
            """, valueName: "format"))
    var format: FormatChoice?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("JPEG's quality, 1 to 100; other formats ignore it.", valueName: "1-100"))
    var quality = 95

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Refuse inputs and outputs with more million pixels, before memory is reserved for them (default: \
            \(megapixels(ImageFile.defaultPixelLimit))).
            """, valueName: "megapixels"))
    var pixelLimit: Double?

    @Flag(
        help: """
            Print a line of JSON for each picture, with input, output, status, extents, seconds or the error, and \
            a summary at the end.
            """)
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality \(quality): JPEG's quality is 1 to 100.")
        }
        if let pixelLimit, !(pixelLimit > 0 && pixelLimit <= 1e9) {
            throw ValidationError(
                "--pixel-limit \(pixelLimit): expected megapixels above 0, 500 for example.")
        }
        if let cell, !(cell.isFinite && cell > 0) {
            throw ValidationError("--cell \(cell): the cell's scale must be a number above 0, 2 for example.")
        }
        if cell != nil, let scale = size.scale, scale <= 1 {
            throw ValidationError("--cell has no meaning at --scale \(scale): the model is not used.")
        }
        if inputs.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("The standard input, -, can be read only once.")
        }
        if output == "-" {
            if json { throw ValidationError("--json prints to the standard output, where the picture goes.") }
            if folders.isUsed { throw ValidationError("A folder's options make no sense with -o -.") }
        }
    }

    func run() throws {
        let inputs = InputList(self.inputs, isRecursive: folders.recursive, excluding: output)
        let isBatch = inputs.isBatch
        let destination = try destination(isBatch: isBatch)
        Interruption.removesUnfinishedOutputs()
        let limit = pixelLimit.map { max(1, Int($0 * 1e6)) } ?? ImageFile.defaultPixelLimit
        let batch = UpscaleBatch(
            plan: UpscalePlan(
                size: size, region: region, cellScale: cell, pixelLimit: limit, destination: destination,
                name: folders.name, format: format?.format,
                existing: folders.existing(for: destination)),
            upscaler: { opened in
                PictureUpscaler(
                    model: opened, precision: model.precision.precision, pixelLimit: limit,
                    encoding: EncodingOptions(jpegQuality: quality), streamFormat: format?.format ?? .png)
            },
            model: model, isBatch: isBatch, printsJSON: json, isQuiet: quiet)
        try batch.run(inputs)
    }

    /// - Throws: `ValidationError` if inputs and output do not go together.
    private func destination(isBatch: Bool) throws -> Destination {
        if output == "-" {
            guard !isBatch else {
                throw ValidationError("Several pictures cannot go to the standard output; give a folder.")
            }
            guard isatty(STDOUT_FILENO) == 0 else {
                throw ValidationError("The standard output is a terminal; send it into a file or a pipe.")
            }
            return .standardOutput
        }
        if isBatch || output.hasSuffix("/") || InputList.isFolder(output) {
            if FileIdentity(output) != nil && !InputList.isFolder(output) {
                throw ValidationError(
                    "\(output) is a file; with several inputs the output is a folder.")
            }
            return .folder(output)
        }
        guard let named = ImageFormat(pathExtension: output) else {
            throw ValidationError(ImageCodecError.unknownExtension(path: output).description)
        }
        if let format = format?.format, format != named {
            throw ValidationError(
                "--format \(format.rawValue.lowercased()) contradicts the output's name, \(output).")
        }
        if folders.isNameGiven {
            throw ValidationError("--name is for outputs in a folder; \(output) is a name already.")
        }
        return .file(output)
    }
}
