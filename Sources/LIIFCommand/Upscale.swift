import ArgumentParser
import Foundation
import ImageCodecs
import Imaging
import LIIF

/// `liif upscale`
struct Upscale: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a picture at another resolution.",
        usage: """
            liif upscale <input> -o <file> (--scale <factor> | --size <WxH> | --width <pixels> | --height <pixels>) \
            [<options>]
            """,
        discussion: """
            Reads PNG and JPEG and writes either, as the output's name ends in .png or .jpg. Any scale is possible, \
            whole or not, below 1 too; models of one scale (up-sampling modules) refuse others. The output is written row by row and appears when it is complete.

            A grey picture stays grey: the mean of the three colours that the model predicts. Transparency is \
            enlarged by bicubic interpolation (PNG only). A 16-bit PNG stays one; JPEG has 8 bits.

            Examples:
              liif upscale photo.jpg -o poster.png --scale 3.7
              liif upscale photo.jpg -o wallpaper.jpg --width 3840 --quality 90
              liif upscale scan.png -o scan-4x.png --scale 4 --model mine.safetensors
            """)

    @Argument(help: ArgumentHelp("The picture to enlarge.", valueName: "input"))
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where the result goes: a .png or .jpg file.", valueName: "file"))
    var output: String

    @OptionGroup(title: "Size (one of)") var size: OutputSize

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Refuse inputs and outputs with more million pixels, before memory is reserved for them (default: \
            \(megapixels(ImageFile.defaultPixelLimit))).
            """, valueName: "megapixels"))
    var pixelLimit: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("JPEG's quality, 1 to 100; PNG ignores it.", valueName: "1-100"))
    var quality = 95

    func validate() throws {
        guard ImageFormat(pathExtension: output) != nil else {
            throw ValidationError(ImageCodecError.unknownExtension(path: output).description)
        }
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality \(quality): JPEG's quality is 1 to 100.")
        }
        if let pixelLimit, !(pixelLimit > 0 && pixelLimit <= 1e9) {
            throw ValidationError(
                "--pixel-limit \(pixelLimit): expected megapixels above 0, 500 for example.")
        }
    }

    func run() throws {
        let limit = pixelLimit.map { max(1, Int($0 * 1e6)) } ?? ImageFile.defaultPixelLimit
        let source = try openSource(limit: limit)
        let info = source.info
        let size = try size.extent(forWidth: info.width, height: info.height, pixelLimit: limit)
        guard !isSameFile(input, output) else {
            throw ValidationError("\(output) is the input itself; choose another name for the output.")
        }
        Interruption.removesUnfinishedOutputs()
        let sink = try ImageFile.sink(
            at: output,
            info: ImageInfo(
                width: size.width, height: size.height, channels: info.channels,
                bitsPerSample: ImageFormat(pathExtension: output) == .png ? info.bitsPerSample : 8),
            options: EncodingOptions(jpegQuality: quality))
        defer { sink.cancel() }

        let line = ProgressLine()
        defer { line.finish() }
        let start = ContinuousClock.now
        func elapsed() -> Double { (ContinuousClock.now - start) / .seconds(1) }
        line.show("reading \(input)", atOnce: true)
        let rows = try InputRows(source)
        let assembler = RowAssembler(
            channels: info.channels, alpha: rows.alpha, outputHeight: size.height, outputWidth: size.width)
        let writer = BackgroundWriter()
        // Whatever happens, nothing is written after the output has been taken away.
        defer { try? writer.finish() }
        nonisolated(unsafe) let target = sink
        var rendered = 0
        try model.open().upscale(
            height: info.height, width: info.width, outputHeight: size.height, outputWidth: size.width,
            precision: model.precision.precision, source: rows.next
        ) { strip in
            try writer.submit { try target.writeRows(assembler.rows(strip, from: target.rowsWritten)) }
            rendered += strip.height
            let done = Double(rendered) / Double(size.height)
            line.show(
                "rendering \(size.width)×\(size.height) pixels  \(Int(done * 100)) %  "
                    + "\(duration(elapsed() * (1 - done) / done)) left")
        }
        try writer.finish()
        try sink.finish()
        line.show("\(output): \(size.width)×\(size.height) pixels in \(duration(elapsed()))", keep: true)
    }

    /// The input's header; the error for too many pixels names the flag.
    private func openSource(limit: Int) throws -> any RowSource {
        do {
            return try ImageFile.source(at: input, pixelLimit: limit)
        } catch .tooManyPixels(let path, let width, let height, let limit) {
            throw UpscaleError.tooManyPixels(file: path, width: width, height: height, limit: limit)
        }
    }
}

/// Why a picture is not up-scaled, beside the errors of the library.
enum UpscaleError: Error, CustomStringConvertible {
    case tooManyPixels(file: String, width: Int, height: Int, limit: Int)

    var description: String {
        switch self {
        case .tooManyPixels(let file, let width, let height, let limit):
            let needed = (Double(width) * Double(height) / 1e6).rounded(.up)
            return "\(file) announces \(width)×\(height) pixels, more than the limit of \(megapixels(limit)) "
                + "megapixels; if the file is trusted, raise it with --pixel-limit \(fixed(needed, 0))."
        }
    }
}

/// Whether two names lead to one existing file.
private func isSameFile(_ a: String, _ b: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_ino == second.st_ino
        && first.st_dev == second.st_dev
}
