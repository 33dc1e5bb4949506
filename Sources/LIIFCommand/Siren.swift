import ArgumentParser
import DurationText
import Files
import ImageCodecs
import Imaging
import LIIF

/// `liif siren`
struct Siren: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "siren",
        abstract: "Fit one network to one picture and show it at another resolution: the baseline 1-SIREN.",
        usage: """
            liif siren <input> [-o <file>] (--scale <factor> | --size <WxH> | --width <pixels> | --height <pixels>) \
            [<options>]
            """,
        discussion: """
            A network of sine activations (Sitzmann et al. 2020) learns the picture's own pixels, from nothing but \
            them, and is then asked for the colours in between. It is what LIIF is compared with in Figures 5 and 6, \
            not a good way to enlarge: it knows no other picture. Time grows with the input's pixels times the \
            iterations. The same input and options give the same output.

            Example: liif siren patch.png -o large.png --scale 30
            """)

    @Argument(help: ArgumentHelp("The picture to fit.", valueName: "input"))
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            """
            Where the result goes: a file, whose extension decides its format (default: the input's name with \
            '-siren', in the current folder, as PNG).
            """, valueName: "file"))
    var output: String?

    private var outputPath: String {
        output ?? PathName.stem(of: input) + "-siren.png"
    }

    @OptionGroup(title: "Size (one of)") var size: OutputSize

    @Option(parsing: .unconditional, help: "Steps of Adam on all pixels.")
    var iterations = SIREN.Fitting().iterations

    @Option(parsing: .unconditional, help: "Adam's learning rate.")
    var learningRate = SIREN.Fitting().learningRate

    @Option(help: "Decides the initial weights.")
    var seed = SIREN.Fitting().seed

    func validate() throws {
        try size.require()
        guard ImageFormat(pathExtension: outputPath) != nil else {
            throw ValidationError(ImageCodecError.unknownExtension(path: outputPath).description)
        }
        guard iterations >= 1 else {
            throw ValidationError("--iterations \(iterations): at least 1 is needed.")
        }
        guard learningRate.isFinite, learningRate > 0 else {
            throw ValidationError(
                "--learning-rate \(learningRate): expected a number above 0, 1e-4 for example.")
        }
    }

    func run() throws {
        try FileIdentity.check(output: outputPath, isNot: input)
        let image = try Image<UInt8>.read(from: input).rgb()
        let extent = try size.extent(
            forWidth: Double(image.width), height: Double(image.height))
        let sink = try ImageFile.sink(
            at: outputPath,
            info: ImageInfo(width: extent.width, height: extent.height, channels: 3, bitsPerSample: 8),
            options: EncodingOptions())
        defer { sink.cancel() }
        let line = ProgressLine()
        defer { line.finish() }
        var settings = SIREN.Fitting()
        (settings.iterations, settings.learningRate, settings.seed) = (iterations, learningRate, seed)
        let start = ContinuousClock.now
        func elapsed() -> Double { (ContinuousClock.now - start) / .seconds(1) }
        var psnr = 0.0
        let network = try SIREN(fitting: image, settings: settings) { progress in
            psnr = progress.psnr
            guard !psnr.isNaN else {
                throw ValidationError(
                    "--learning-rate \(learningRate): the fit diverged by iteration \(progress.iteration); choose a "
                        + "smaller rate.")
            }
            let left = elapsed() * Double(iterations - progress.iteration) / Double(progress.iteration)
            line.show(
                "fitting, iteration \(progress.iteration)/\(iterations)  \(fixed(psnr, 2)) dB  "
                    + "\(duration(left)) left")
        }
        try network.render(height: extent.height, width: extent.width) { try sink.writeRows($0) }
        try sink.finish()
        line.show(
            "\(outputPath): \(extent.width)×\(extent.height) pixels in \(duration(elapsed())); the input is fitted to "
                + "\(fixed(psnr, 2)) dB", keep: true)
    }
}
