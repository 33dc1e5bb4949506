import ArgumentParser
import DurationText
import Files
import LIIFTraining

/// `liif curve`
struct Curve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a training run's loss and validation as an SVG picture.",
        discussion: """
            Example:
              liif curve runs/default/log.jsonl -o curve.svg
            """)

    @Argument(help: "The log.jsonl of a training run's folder.")
    var log: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write: a .svg file.", valueName: "file"))
    var output: String

    func validate() throws { try checkSVGName(output) }

    func run() throws {
        try FileIdentity.check(output: output, isNot: log)
        let curve = try TrainingCurve(log: log)
        try AtomicFile.write(curve.svg.utf8, to: output)
        print("\(output): \(curve.losses.last!.iteration) iterations in \(duration(curve.seconds)) of work")
    }
}

/// Refuses a name that would say something else of an SVG picture.
func checkSVGName(_ path: String) throws {
    guard path.lowercased().hasSuffix(".svg") else {
        throw ValidationError("\(path): the picture is an SVG; end its name in .svg.")
    }
}
