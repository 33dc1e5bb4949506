public import LIIF
public import LIIFTraining
public import RecipeFormat

/// What to measure a model on, in the released code's schema.
public struct EvaluationRecipe: Sendable, Equatable {
    /// The file it was read from, for errors.
    public var file: String
    /// `test_dataset`.
    public var dataset: DatasetRecipe
    /// `data_norm`: what the measured model must have; nil takes any model, each with its own.
    public var normalization: PixelNormalization?
    /// `eval_type`.
    public var evaluationProtocol: EvaluationProtocol
    /// `eval_bsize`: accepted as part of the released schema; results do not depend on it.
    public var queriesPerBatch: Int?

    /// Reads a recipe file.
    /// - Throws: `RecipeError`, naming the file, the line and the key.
    public init(contentsOf path: String) throws {
        try self.init(RecipeMapping(contentsOf: path), file: path)
    }

    /// - Parameter file: the name that errors give.
    /// - Throws: `RecipeError`, naming the file, the line and the key.
    public init(_ mapping: RecipeMapping, file: String) throws {
        let section = RecipeSection(mapping, at: .init(file: file))
        try section.allowOnly(["test_dataset", "data_norm", "eval_type", "eval_bsize"])
        self.file = file
        dataset = try DatasetRecipe(
            section.require(section.section("test_dataset"), "test_dataset", "the pictures to measure on"))
        normalization = try section.section("data_norm").map { try PixelNormalization($0) }
        evaluationProtocol = try EvaluationProtocol(section)
        queriesPerBatch = try section.integer("eval_bsize", in: 1...Int.max)
    }

    /// The recipe in its file's schema; every default of the data set written out.
    public var mapping: RecipeMapping {
        var mapping: RecipeMapping = ["test_dataset": .mapping(dataset.mapping)]
        mapping["eval_type"] = evaluationProtocol.name.map { .string($0) }
        mapping["eval_bsize"] = queriesPerBatch.map { .integer($0) }
        mapping["data_norm"] = normalization.map { .mapping($0.mapping) }
        return mapping
    }
}
