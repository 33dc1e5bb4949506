import Files
import Foundation
import RecipeFormat

/// Where a model is.
package enum ModelReference: Equatable {
    /// The default model, inside the program.
    case embedded
    case file(String)

    /// What the embedded model is called.
    package static let embeddedName = "default"
}

/// The folder whose models are called by their names alone.
package struct ModelFolder {
    /// A model's file there.
    package struct File: Equatable {
        /// Without its ending.
        package let name: String
        package let path: String

        /// With its ending.
        var fileName: String { PathName.fileName(of: path) }
    }

    /// Names the folder instead of the platform's convention.
    package static let variable = "LIIF_MODELS"
    /// Endings of models' files, without the point.
    package static let endings = ["safetensors", "pth", "onnx"]

    package let path: String

    package init(path: String) { self.path = path }

    /// The folder of this user: `$LIIF_MODELS`; or `liif/models` in `$XDG_DATA_HOME` (by default `~/.local/share`), on
    /// macOS in `~/Library/Application Support`.
    package static func standard(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ModelFolder {
        if let path = environment[variable], !path.isEmpty { return ModelFolder(path: path) }
        let home = environment["HOME"] ?? NSHomeDirectory()
        #if os(macOS)
            let data = home + "/Library/Application Support"
        #else
            // A relative path there is to be ignored, says the XDG Base Directory Specification.
            let named = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            let data = named ?? home + "/.local/share"
        #endif
        return ModelFolder(path: data + "/liif/models")
    }

    /// Whether the folder is there.
    package var exists: Bool { PathName.isFolder(path) }

    /// A file's name without its ending; nil if that is no model's, or all there is.
    package static func stem(of fileName: String) -> String? {
        guard let ending = endings.first(where: { fileName.hasSuffix(".\($0)") }),
            fileName.count > ending.count + 1
        else { return nil }
        return String(fileName.dropLast(ending.count + 1))
    }

    /// All files with a model's ending, by name; none when the folder is not there.
    package var files: [File] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().compactMap { fileName in
            Self.stem(of: fileName).map { File(name: $0, path: "\(path)/\(fileName)") }
        }
    }

    /// What a user means who names a model: a file, as its path says; the embedded model; or a model of this folder, with
    /// its ending or without.
    /// - Throws: `ModelNameError`. A file that does not exist is an error of whoever reads it.
    package func resolve(_ name: String) throws -> ModelReference {
        if name == ModelReference.embeddedName { return .embedded }
        let exists = FileManager.default.fileExists(atPath: name)
        if name.contains("/") || (exists && !PathName.isFolder(name)) { return .file(name) }
        let files = files
        let matches = files.filter { $0.name == name || $0.fileName == name }
        if matches.count == 1 { return .file(matches[0].path) }
        guard matches.isEmpty else {
            throw ModelNameError.ambiguous(name, files: matches.map(\.fileName), folder: path)
        }
        if exists || Self.endings.contains(where: { name.hasSuffix(".\($0)") }) { return .file(name) }
        let known = [ModelReference.embeddedName] + files.map(\.name)
        throw ModelNameError.unknown(name, folder: path, suggestion: nearMiss(of: name, in: known))
    }
}

/// A name that does not say which model is meant.
public enum ModelNameError: Error, Equatable, CustomStringConvertible {
    /// Neither a file nor a model of the folder.
    case unknown(String, folder: String, suggestion: String?)
    /// Several files of the folder have this name.
    case ambiguous(String, files: [String], folder: String)

    /// A sentence that says what there is instead; what could steer a terminal is escaped.
    public var description: String { sentence.escaped }

    private var sentence: String {
        switch self {
        case .unknown(let name, let folder, let suggestion):
            "\(name): there is neither such a file nor a model of this name in \(folder)."
                + (suggestion.map { " Did you mean '\($0)'?" } ?? " `liif models` lists what there is.")
        case .ambiguous(let name, let files, let folder):
            "\(name): several models in \(folder) have this name; say \(files.joined(separator: " or "))."
        }
    }
}
