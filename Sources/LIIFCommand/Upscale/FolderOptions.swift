import ArgumentParser

/// How outputs in a folder are found, named and replaced.
struct FolderOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Search folders below folders too; the output has the same tree.")
    var recursive = false

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp(
            """
            How outputs are called: text, a / for folders, and {name} (the input's name without its extension), \
            {ext}, {scale}, {width}, {height} (default: \(NameTemplate.standard.text)).
            """, valueName: "template"))
    var template: NameTemplate?

    @Flag(
        help:
            "Replace outputs in the folder that exist. (A single output, named with -o, is replaced without it.)"
    )
    var overwrite = false

    @Flag(help: "Leave outputs that exist as they are; in folders this is the default.")
    var skipExisting = false

    func validate() throws {
        if overwrite && skipExisting {
            throw ValidationError("--overwrite and --skip-existing exclude each other.")
        }
    }

    var name: NameTemplate { template ?? .standard }
    var isNameGiven: Bool { template != nil }
    /// Whether any of them is given.
    var isUsed: Bool { recursive || isNameGiven || overwrite || skipExisting }

    func existing(for destination: OutputDestination) -> ExistingOutputs {
        if overwrite { return .overwrite }
        if skipExisting { return .skip }
        if case .folder = destination { return .skip }
        return .overwrite
    }
}
