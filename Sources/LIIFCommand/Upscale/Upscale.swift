import ArgumentParser
import Files
import Foundation
import ImageCodecs
import Imaging
import LIIF

/// `liif upscale`
struct Upscale: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enlarge pictures, or parts of them, to any size.",
        usage: """
            liif upscale <input> -o <file> <size> [<options>]
            liif upscale <input> ... -o <folder> <size> [<options>]
            """,
        discussion: """
            Any scale is possible, whole or not; at 1 and below, antialiased bicubic interpolation is used, not the \
            model. Reads and writes PNG, JPEG, TIFF, WebP and JPEG XL (.jxl); the \
            output's format follows its name's extension. It is written row by row, in little memory (WebP and JPEG \
            XL at once), and appears under its name when it is complete.

            With a folder as output, every input is tried: a bad one is reported and the rest goes on; outputs \
            that exist are skipped, so that an interrupted run can be given again. The exit status is 0 if all \
            went well, 1 if some picture failed, 64 for a wrong command line.

            With an output that ends in .liif, the picture is encoded only, as by liif encode.

            A grey picture stays grey, 16 bits stay 16 (JPEG and WebP have 8), transparency is enlarged with the \
            colours, and photographs are turned upright. Colours keep their profile.

            Examples:
              liif upscale photo.jpg -o poster.png --scale 3.7
              liif upscale photo.jpg -o wallpaper.jpg --fit 3840x2160 --quality 90
              liif upscale photo.jpg -o face.png --region 40%,10%,20%,30% --width 1024
              liif upscale *.jpg -o large/ --scale 4 --name '{name}@{scale}x.{ext}'
              liif upscale album -r -o album-4k --fit 3840x2160 --json
              liif upscale scan.tif -o huge.tif --scale 16 --pixel-limit 20000 --resume
              cat a.png | liif upscale - -o - --scale 2 --format jpeg > b.jpg
            """)

    @Argument(
        help: ArgumentHelp(
            "Pictures, folders of pictures, patterns such as '*.jpg', or - for the standard input.",
            valueName: "input"), completion: .file())
    var inputs: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            """
            Where the result goes: a file, whose extension decides its format; a folder, if there are several \
            inputs or the name ends in /; or - for the standard output.
            """, valueName: "file"), completion: .file())
    var output: String

    @OptionGroup(title: "Size (one of; the last also as a limit)") var size: OutputSize

    @OptionGroup(title: "View") var view: ViewOptions

    @OptionGroup(title: "Folders") var folders: FolderOptions

    @OptionGroup(title: "Formats and metadata") var formats: FormatOptions

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup var pixels: PixelLimitOptions

    @Flag(
        help: """
            Print a line of JSON for each picture, with input, output, status, extents, seconds or the error, and \
            a summary at the end.
            """)
    var json = false

    @Flag(
        help: """
            For TIFF outputs that take long: keep what is finished if the run ends early, even by a power cut, \
            and go on there if the same command is given again. The result is the same, byte for byte.
            """)
    var resume = false

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        if FeatureFile.isNamed(output) {
            try validateForFeatures()
        } else {
            try size.require()
        }
        if let option = view.modelOption, let scale = size.scale, scale <= 1 {
            throw ValidationError("\(option) has no meaning at --scale \(scale): the model is not used.")
        }
        if let format = formats.format?.format, let named = ImageFormat(pathExtension: folders.name.text),
            named != format
        {
            throw ValidationError(
                "--format \(format.rawValue.lowercased()) contradicts --name \(folders.name.text).")
        }
        if inputs.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("The standard input, -, can be read only once.")
        }
        if output == "-" {
            if json { throw ValidationError("--json prints to the standard output, where the picture goes.") }
            if resume { throw ValidationError("--resume needs a file, and -o - is none.") }
            if folders.isUsed { throw ValidationError("A folder's options make no sense with -o -.") }
        }
    }

    /// A file of features has no size, and shows nothing.
    private func validateForFeatures() throws {
        if size.isGiven || view.isGiven {
            throw ValidationError(
                "\(output): a file of features holds the whole picture, for any size; leave size and view out."
            )
        }
        if inputs.count != 1 || InputList(inputs, isRecursive: false, excluding: output).isBatch
            || inputs == ["-"]
        {
            throw ValidationError("\(output): a file of features is made of one picture's file.")
        }
        if folders.isUsed || resume || json || formats.isGiven {
            throw ValidationError(
                "\(output): --resume, --json and options of formats and folders are for pictures.")
        }
    }

    func run() throws {
        if FeatureFile.isNamed(output) {
            return try FeatureEncoding(model: model, pixelLimit: pixels.limit, isQuiet: quiet).encode(
                inputs[0], to: output)
        }
        let inputs = InputList(self.inputs, isRecursive: folders.recursive, excluding: output)
        let isBatch = inputs.isBatch
        let destination = try destination(isBatch: isBatch)
        let batch = UpscaleBatch(
            plan: UpscalePlan(
                size: size, view: view, pixelLimit: pixels.limit, destination: destination,
                name: folders.name, formats: formats, resumes: resume,
                existing: folders.existing(for: destination)),
            upscaler: { opened in
                PictureUpscaler(
                    model: opened, modelName: model.name, precision: model.precision.precision,
                    pixelLimit: pixels.limit, encoding: formats.encoding, strips: formats.strip,
                    resumes: resume, streamFormat: formats.format?.format ?? .png)
            },
            model: model, isBatch: isBatch, printsJSON: json, isQuiet: quiet)
        try batch.run(inputs)
    }

    /// - Throws: `ValidationError` if inputs and output do not go together.
    private func destination(isBatch: Bool) throws -> OutputDestination {
        if output == "-" {
            guard !isBatch else {
                throw ValidationError("Several pictures cannot go to the standard output; give a folder.")
            }
            try StandardStreams.checkOutput()
            return .standardOutput
        }
        if isBatch || output.hasSuffix("/") || PathName.isFolder(output) {
            if FileIdentity(output) != nil && !PathName.isFolder(output) {
                throw ValidationError(
                    "\(output) is a file; with several inputs the output is a folder.")
            }
            guard
                ImageFormat(pathExtension: output) == nil || PathName.isFolder(output)
                    || output.hasSuffix("/")
            else {
                throw ValidationError(
                    "\(output): with several inputs the output is a folder; put a / behind it if it is to be one."
                )
            }
            return .folder(output)
        }
        guard let named = ImageFormat(pathExtension: output) else {
            throw ValidationError(ImageCodecError.unknownExtension(path: output).description)
        }
        if let format = formats.format?.format, format != named {
            throw ValidationError(
                "--format \(format.rawValue.lowercased()) contradicts the output's name, \(output).")
        }
        if folders.isNameGiven {
            throw ValidationError("--name is for outputs in a folder; \(output) is a name already.")
        }
        return .file(output)
    }
}
