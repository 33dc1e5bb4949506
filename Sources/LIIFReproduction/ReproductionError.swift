/// Why an experiment cannot be reproduced. Each names the folder or file.
public enum ReproductionError: Error, Equatable, CustomStringConvertible {
    /// The data folder is arranged in no known way.
    case noData(String)
    /// There is no recipe of that name.
    case noRecipe(folder: String, name: String)
    /// Too few faces to hold some back.
    case tooFewFaces(String, count: Int, least: Int)
    /// A figure's own picture is not there.
    case noPicture(experiment: String, picture: String)
    /// The picture of a figure is too small for what is cut from it.
    case tooSmall(picture: String, width: Int, height: Int, least: Int)
    /// No picture of a set is large enough for the patches of a figure.
    case noneLargeEnough(folder: String, count: Int, least: Int)
    /// None of a table's sets is there.
    case noPictures(experiment: String, folder: String)
    /// The model that was found for a row is an up-sampling module of another scale.
    case otherScale(String, scale: Int)
    /// The model that was found for a row is not the one that the row's recipe describes.
    case otherModel(String, recipe: String, found: String, expected: String)

    /// A sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .noData(let folder):
            """
            \(folder): there are no pictures as expected: either load/div2k, load/benchmark and load/celebAHQ, as the \
            released code has them, or train, validation, benchmark and faces256.
            """
        case .noRecipe(let folder, let name):
            "\(folder): there is no recipe \(name).yaml in it; expected this project's folder Recipes."
        case .tooFewFaces(let folder, let count, let least):
            "\(folder) holds \(count) faces; expected at least \(least), of which the last 200 are held back."
        case .noPicture(let experiment, let picture):
            """
            \(experiment): its own picture, \(picture), comes with this project's source and is neither here nor beside the \
            recipes; name another with --picture.
            """
        case .tooSmall(let picture, let width, let height, let least):
            "\(picture) is \(width)×\(height) pixels; the figure needs at least \(least)×\(least)."
        case .noneLargeEnough(let folder, let count, let least):
            """
            \(folder): none of its \(count) pictures is large enough for the patches that the figure measures; expected \
            some of at least \(least)×\(least) pixels.
            """
        case .noPictures(let experiment, let folder):
            "\(folder) holds none of the sets that \(experiment) is measured on."
        case .otherScale(let model, let scale):
            "\(model): an up-sampling module of another scale; expected a model that enlarges ×\(scale)."
        case .otherModel(let path, let recipe, let found, let expected):
            "\(path): a model of another kind: \(found); expected that of the recipe \(recipe): \(expected)."
        }
    }
}
