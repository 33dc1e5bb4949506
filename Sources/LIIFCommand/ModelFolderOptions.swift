import ArgumentParser
import LIIF

/// Where models are that are named without a path.
struct ModelFolderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The folder of models that are called by name (default: $\(ModelFolder.variable), or liif/models where the \
            system keeps programs' data; `liif models` says where).
            """, valueName: "folder"))
    var models: String?

    var folder: ModelFolder { models.map { ModelFolder(path: $0) } ?? .standard() }
}
