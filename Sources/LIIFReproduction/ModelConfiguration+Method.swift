package import LIIF

extension ModelConfiguration {
    /// Whether two are of one method: the same decoder with the same parts, and the same encoder, all of the same size.
    /// The input skip and the limit of the cell, which the paper does not have, are how it was trained, not what it is.
    package func isOfTheMethod(of other: ModelConfiguration) -> Bool {
        withoutOwnAdditions == other.withoutOwnAdditions
    }

    private var withoutOwnAdditions: ModelConfiguration {
        switch self {
        case .liif(var configuration):
            configuration.inputSkip = false
            configuration.greatestCellScale = nil
            return .liif(configuration)
        case .metaSR(var configuration):
            configuration.inputSkip = false
            return .metaSR(configuration)
        case .upsampling(let configuration):
            return .upsampling(
                UpsamplingConfiguration(encoder: configuration.encoder, scale: configuration.scale))
        }
    }
}
