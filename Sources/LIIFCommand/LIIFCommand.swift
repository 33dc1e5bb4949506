import ArgumentParser
import Foundation

/// The command-line tool: one file per subcommand.
@main
struct LIIFCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liif",
        abstract: "Show a picture at any resolution (LIIF, CVPR 2021): up-scale, train, measure.",
        discussion: """
            Example: liif upscale photo.jpg -o poster.png --scale 3.7

            Errors go to the standard error output. The exit status is 0 for success, 64 for a wrong command line \
            and 1 for everything else, such as a file that cannot be read; then no output file is left.
            """,
        version: Version.number,
        subcommands: [
            Upscale.self, Encode.self, Serve.self, Evaluate.self, Info.self, Models.self, Convert.self,
            Train.self,
            Curve.self, Benchmark.self, Siren.self, Reproduce.self,
        ])

    static func main() {
        InheritedStreams.secure()
        do {
            var command = try parseAsRoot()
            Interruption.keepsSignalsFromComputation()
            if !(command is any Interruption.HandledByCommand) { Interruption.removesUnfinishedOutputs() }
            do {
                // Commands with an option that raises the limit have named it by then.
                try PixelLimitError.explaining(hasOption: false) { try command.run() }
                try OutputLost.check()
            } catch let error as ValidationError {
                // The message alone: here ArgumentParser would add the root's usage, which does not help.
                say("Error: \(error.message)\n")
                throw ExitCode.validationFailure
            }
        } catch {
            exit(withError: error)
        }
    }
}
