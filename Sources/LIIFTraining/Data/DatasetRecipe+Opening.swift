import RecipeFormat

extension DatasetRecipe {
    /// Opens the folders and prepares the samples that the recipe describes.
    ///
    /// - Parameter root: the folder that relative paths start from; nil or empty for the current one, as in the release.
    /// - Throws: `DatasetError` or `ImageCodecError`, naming the file or folder.
    public func open(root: String? = nil) throws -> any SampleSet {
        func resolved(_ path: String) -> String {
            guard let root, !root.isEmpty, !path.hasPrefix("/") else { return path }
            return root.hasSuffix("/") ? root + path : "\(root)/\(path)"
        }
        func opened(_ paths: String...) throws -> [ImageFolder] {
            try paths.map { path in
                try ImageFolder(
                    path: resolved(path), firstCount: firstCount,
                    split: split.map { Split(file: resolved($0.file), key: $0.key) },
                    repetitions: repetitions, cache: cache, isOfPairs: paths.count == 2)
            }
        }
        let folders =
            switch source {
            case .folder(let path): try opened(path)
            case .pairedFolders(let input, let truth): try opened(input, truth)
            }
        let pairs = folders.count == 2 ? try PairedImageFolders(inputs: folders[0], truths: folders[1]) : nil

        switch (wrapper, pairs) {
        case (.downsampled(let patch, let scale, let augmentation, let samples), nil):
            return try DownsampledSamples(
                folder: folders[0], inputPatchSize: patch, scale: scale, augmentation: augmentation,
                samplesPerImage: samples)
        case (.paired(let patch, let augments, let samples), let pairs?):
            return try PairedSamples(
                folders: pairs, inputPatchSize: patch, augments: augments, samplesPerImage: samples)
        case (.uniformlyVaried(let size, let augments, let truthSize, let samples, let inputSize), let pairs):
            return try UniformlyVariedSamples(
                source: pairs.map { .paired($0) }
                    ?? .originals(folders[0], inputSize: inputSize ?? size.lowerBound),
                size: size, augments: augments, truthSize: truthSize, samplesPerImage: samples)
        case (.downsampled, _?), (.paired, nil):
            preconditionFailure("the wrapper does not take this kind of data set")
        }
    }
}
