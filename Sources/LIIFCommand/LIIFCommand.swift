import ArgumentParser

/// The command-line tool: one file per subcommand.
@main
struct LIIFCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liif",
        abstract: "Show a picture at any resolution (LIIF, CVPR 2021): up-scale, train, measure.",
        subcommands: [Train.self])
}
