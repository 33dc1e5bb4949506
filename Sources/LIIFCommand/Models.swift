import ArgumentParser
import Files
import LIIF
import LIIFTraining
import RecipeFormat

/// `liif models`
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the models that can be called by name.",
        discussion: """
            The default model lies in the program; the others are .safetensors, .pth and .onnx files in the models \
            folder, and called by their names without the ending: `--model NAME`. To add one, put its file there.

            Examples:
              liif models
              liif upscale photo.jpg -o poster.png --scale 4 --model rdn-liif
            """)

    @OptionGroup var folderOptions: ModelFolderOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let folder = folderOptions.folder
        let entries =
            [Entry(name: ModelReference.embeddedName, reference: .embedded)]
            + folder.files.map { Entry(name: $0.name, reference: .file($0.path)) }
        if json {
            print(RecipeValue.list(entries.map { .mapping($0.mapping) }).json)
            return
        }
        let rows = entries.map(\.cells)
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let padded = zip(row, widths).map { $0.padded(to: $1 + 2) }
            print(padded.joined() + row[3])
        }
        print("")
        print("Models folder: \(folder.path.escaped)" + (folder.exists ? "" : " (not there yet)"))
    }
}

/// A line of the list.
private struct Entry {
    let name: String
    let reference: ModelReference
    /// The model, or why it cannot be used.
    let model: Result<LIIFModel, any Error>

    init(name: String, reference: ModelReference) {
        self.name = name
        self.reference = reference
        model = Result { try reference.read(isQuiet: true) }
    }

    private var path: String? {
        if case .file(let path) = reference { path } else { nil }
    }

    private var kind: String { path.flatMap { $0.split(separator: ".").last.map(String.init) } ?? "embedded" }

    /// Name, kind, size, and what it is.
    var cells: [String] {
        let size = megabytes(reference.byteCount)
        switch model {
        case .success(let model):
            let parts = [
                model.configuration.summary, "\(grouped(model.parameterCount)) parameters",
                training(of: model),
            ]
            return [name.escaped, kind, size, parts.compactMap(\.self).joined(separator: "; ")]
        case .failure(let error): return [name.escaped, kind, size, "cannot be used: \(error)"]
        }
    }

    var mapping: RecipeMapping {
        var mapping: RecipeMapping = ["name": .string(name), "kind": .string(kind)]
        mapping["path"] = path.map { .string($0) }
        mapping["bytes"] = .integer(reference.byteCount)
        switch model {
        case .success(let model):
            mapping["architecture"] = .string(model.configuration.summary)
            mapping["parameters"] = .integer(model.parameterCount)
            mapping["model"] = .mapping(model.configuration.specification)
            mapping["training"] = training(of: model).map { .string($0) }
        case .failure(let error): mapping["error"] = .string("\(error)")
        }
        return mapping
    }

    /// Where it was trained, as far as its file says.
    private func training(of model: LIIFModel) -> String? {
        let facts = model.provenance.sorted { $0.key < $1.key }.map {
            "\($0.key.printable) \($0.value.printable)"
        }
        let iteration = model.trainingIteration.map { ["iteration \(grouped($0))"] } ?? []
        let all = facts + iteration
        return all.isEmpty ? nil : all.joined(separator: ", ")
    }
}
