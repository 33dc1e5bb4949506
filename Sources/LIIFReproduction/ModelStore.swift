import Files
import Foundation
import LIIFTraining
import RecipeFormat

/// The models folder: one run for each recipe and budget, and the recipes as they are run.
///
/// At the small budget `<folder>/small/<recipe>/` holds a run. At the paper's it is `<folder>/<recipe>/`, or a finished
/// model stands beside the folders: `<folder>/<recipe>.safetensors`, or a released `<folder>/<recipe>.pth`.
struct ModelStore: Sendable {
    let folder: String
    let budget: Budget
    let recipes: String
    let data: DataLayout

    /// How far a run has come.
    enum State: Equatable {
        case absent
        case begun(iteration: Int)
        case complete
    }

    /// Where a recipe's run is.
    func run(_ name: String) -> String { budget == .paper ? "\(folder)/\(name)" : "\(folder)/small/\(name)" }

    /// The recipe at the budget, its data where they are.
    func recipe(_ name: String) throws -> TrainingRecipe {
        let path = "\(recipes)/\(name).yaml"
        guard FileManager.default.fileExists(atPath: path) else {
            throw ReproductionError.noRecipe(folder: recipes, name: name)
        }
        return data.adapted(try budget.applied(to: TrainingRecipe(contentsOf: path)))
    }

    /// How far a recipe's run has come.
    func state(_ name: String) -> State {
        if model(name, .last) != nil { return .complete }
        guard let last = TrainingRunLog(folder: run(name)) else { return .absent }
        return .begun(iteration: last.iteration)
    }

    /// The file of a recipe's finished model; nil where it is not finished.
    func model(_ name: String, _ weights: Method.Weights) -> String? {
        func existing(_ path: String) -> String? {
            FileManager.default.fileExists(atPath: path) ? path : nil
        }
        guard let last = existing("\(run(name))/model.safetensors") else {
            guard budget == .paper else { return nil }
            return existing("\(folder)/\(name).safetensors") ?? existing("\(folder)/\(name).pth")
        }
        return weights == .best ? existing("\(run(name))/best.safetensors") ?? last : last
    }

    /// Whether a recipe's finished model is its own run's, not one that stands beside the folders.
    func isTrainedHere(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(run(name))/model.safetensors")
    }

    /// Writes the recipe as it is run into the run's folder, for `liif train` and for the reader.
    func writeRecipe(_ name: String) throws -> String {
        let path = "\(run(name))/recipe.yaml"
        try makeFolder(run(name))
        try AtomicFile.write(try recipe(name).mapping.yaml.utf8, to: path)
        return path
    }

    /// The command that trains a recipe.
    func command(_ name: String) -> String {
        let folder = run(name)
        return [
            "liif train", shellWord("\(folder)/recipe.yaml"), "--folder", shellWord(folder), "--data-root",
            shellWord(data.root), "--resume",
        ].joined(separator: " ")
    }
}
