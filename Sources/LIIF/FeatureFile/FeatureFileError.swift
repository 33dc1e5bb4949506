/// What is wrong with a `.liif` file.
public enum FeatureFileError: Error, Equatable, CustomStringConvertible {
    /// The file is sound safetensors, but no features of a picture.
    case noFeatures(file: String, reason: String)
    /// The model is an up-sampling module, which makes no features that could be shown at any resolution.
    case fixedScale(file: String, scale: Int)
    /// The features were made by another model than the one that is to decode them.
    case otherModel(file: String, found: String, expected: String)

    /// A sentence that names the file, what is wrong and what would be right.
    public var description: String {
        switch self {
        case .noFeatures(let file, let reason):
            "\(file): it does not hold the features of a picture: \(reason); `liif encode` writes such files."
        case .fixedScale(let file, let scale):
            "\(file): the model enlarges by \(scale) and nothing else (an up-sampling module); features are of LIIF and "
                + "MetaSR models."
        case .otherModel(let file, let found, let expected):
            "\(file): its features were made by the model \(found.prefix(16))…, but the model in use is "
                + "\(expected.prefix(16))…; give that model with --model, or encode the picture again."
        }
    }
}
