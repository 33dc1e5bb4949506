package import LIIF
import RecipeFormat

extension LIIFModel {
    /// The iteration at which a checkpoint was written; nil for a model that is none.
    package var trainingIteration: Int? {
        guard let text = origin[TrainingState.Key.state],
            let state = try? RecipeMapping(yaml: text, file: ""),
            case .integer(let iteration)? = state["iteration"]
        else { return nil }
        return iteration
    }
}
