/// Two folders whose pictures correspond by the order of their names: low-resolution inputs and their originals.
public struct PairedImageFolders: Sendable {
    /// The low-resolution pictures.
    public let inputs: ImageFolder
    /// Their originals.
    public let truths: ImageFolder

    /// - Throws: `DatasetError.unequalCounts`.
    public init(inputs: ImageFolder, truths: ImageFolder) throws {
        guard inputs.files.count == truths.files.count, inputs.count == truths.count else {
            throw DatasetError.unequalCounts(
                first: inputs.path, firstCount: inputs.files.count, second: truths.path,
                secondCount: truths.files.count)
        }
        self.inputs = inputs
        self.truths = truths
    }

    /// Pairs of an epoch, repetitions included.
    public var count: Int { inputs.count }

    /// How many times the truth of each pair is larger than its input, both directions alike; a remainder is allowed.
    ///
    /// - Throws: `DatasetError.unequalScales` for the first pair of which that cannot be said.
    public func scales() throws -> [Int] {
        try inputs.files.indices.map { file in
            let (input, truth) = (inputs.sizes[file], truths.sizes[file])
            let scale = truth.height / input.height
            guard scale >= 1, truth.width / input.width == scale else {
                throw DatasetError.unequalScales(
                    input: inputs.files[file], inputSize: input, truth: truths.files[file], truthSize: truth)
            }
            return scale
        }
    }
}
