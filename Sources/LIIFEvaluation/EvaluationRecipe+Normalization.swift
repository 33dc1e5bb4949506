import LIIF
import RecipeFormat

extension EvaluationRecipe {
    /// Checks that a model's colours are scaled as the recipe says, which it is always measured with.
    ///
    /// - Throws: `RecipeError.wrongValue`.
    public func check(_ resolver: any SuperResolver) throws {
        guard let normalization, let own = resolver.normalization, !normalization.scales(like: own) else {
            return
        }
        throw RecipeError.wrongValue(
            .init(file: file, keyPath: "data_norm"), found: normalization.mapping.json,
            expected: "the model's, \(own.mapping.json), or none; a .pth that holds none is taken to have "
                + PixelNormalization.signed.mapping.json)
    }
}

extension PixelNormalization {
    /// Whether every colour becomes the same: one number for all channels is as good as three equal ones.
    fileprivate func scales(like other: PixelNormalization) -> Bool {
        func channels(_ values: [Float]) -> [Float] {
            values.count == 1 ? [Float](repeating: values[0], count: 3) : values
        }
        return zip([input, truth], [other.input, other.truth]).allSatisfy {
            channels($0.subtract) == channels($1.subtract) && channels($0.divide) == channels($1.divide)
        }
    }
}
