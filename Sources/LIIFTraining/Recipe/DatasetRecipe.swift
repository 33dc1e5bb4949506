package import RecipeFormat

/// `train_dataset`, `val_dataset`, `test_dataset`: pictures, what samples are made of them, and how many make a batch.
public struct DatasetRecipe: Sendable, Equatable {
    /// `dataset.name` and its folders.
    public enum Source: Sendable, Equatable {
        /// `image-folder`.
        case folder(String)
        /// `paired-image-folders`: low-resolution inputs and their originals.
        case pairedFolders(input: String, truth: String)
    }

    /// `cache`: what happens to a picture once it is decoded.
    public enum Cache: String, Sendable, CaseIterable {
        /// Decoded anew for each sample.
        case none
        /// Decoded copies on disk, in a folder beside that of the pictures.
        case bin
        /// Kept in memory, 8 bits a sample.
        case inMemory = "in_memory"
    }

    /// The pictures.
    public var source: Source
    /// `repeat`: how often an epoch meets each picture.
    public var repetitions: Int
    /// `cache`.
    public var cache: Cache
    /// `first_k`: only that many pictures; nil for all.
    public var firstCount: Int?
    /// `split_file` and `split_key`: a JSON object from key to file names, and the key to take.
    public var split: Split?
    /// `wrapper`.
    public var wrapper: SampleRecipe
    /// `batch_size`.
    public var batchSize: Int

    /// Names a list of files in a JSON file.
    public struct Split: Sendable, Equatable {
        /// The JSON file's path.
        public var file: String
        /// The key whose list is taken.
        public var key: String

        /// A key of a JSON file.
        public init(file: String, key: String) {
            self.file = file
            self.key = key
        }
    }

    /// A data set with the released code's defaults.
    public init(
        source: Source, repetitions: Int = 1, cache: Cache = .none, firstCount: Int? = nil,
        split: Split? = nil, wrapper: SampleRecipe, batchSize: Int
    ) {
        self.source = source
        self.repetitions = repetitions
        self.cache = cache
        self.firstCount = firstCount
        self.split = split
        self.wrapper = wrapper
        self.batchSize = batchSize
    }
}

extension DatasetRecipe {
    package init(_ section: RecipeSection) throws {
        try section.allowOnly(["dataset", "wrapper", "batch_size"])
        let dataset = try section.require(
            try section.section("dataset"), "dataset", "{name: image-folder, args: {root_path: …}}")
        try dataset.allowOnly(["name", "args"])
        let names = ["image-folder", "paired-image-folders"]
        let name = try dataset.require(
            try dataset.choice("name", of: names), "name", names.joined(separator: " or "))
        let arguments = try dataset.require(try dataset.section("args"), "args", "the dataset's arguments")

        let roots = name == "image-folder" ? ["root_path"] : ["root_path_1", "root_path_2"]
        try arguments.allowOnly(roots + ["split_file", "split_key", "first_k", "repeat", "cache"])
        let paths = try roots.map {
            try arguments.require(try arguments.string($0), $0, "the path of a folder")
        }
        source = paths.count == 1 ? .folder(paths[0]) : .pairedFolders(input: paths[0], truth: paths[1])
        repetitions = try arguments.integer("repeat", in: 1...1_000_000_000) ?? 1
        let cacheName = try arguments.choice("cache", of: Cache.allCases.map(\.rawValue))
        cache = cacheName.flatMap(Cache.init) ?? .none
        firstCount = try arguments.integer("first_k", in: 1...Int.max)
        switch (try arguments.string("split_file"), try arguments.string("split_key")) {
        case (let file?, let key?): split = Split(file: file, key: key)
        case (nil, nil): split = nil
        case (nil, _?):
            throw RecipeError.missingKey(
                arguments.place, key: "split_file", expected: "the JSON file that split_key selects from")
        case (_?, nil):
            throw RecipeError.missingKey(
                arguments.place, key: "split_key", expected: "a key of split_file, such as train")
        }

        let sample = try section.require(
            try section.section("wrapper"), "wrapper", "{name: sr-implicit-downsampled, args: {…}}")
        wrapper = try SampleRecipe(sample, isPaired: paths.count == 2)
        batchSize = try section.require(
            try section.integer("batch_size", in: 1...100_000), "batch_size", "a whole number of at least 1")
    }

    package var mapping: RecipeMapping {
        var arguments = RecipeMapping()
        switch source {
        case .folder(let root): arguments["root_path"] = .string(root)
        case .pairedFolders(let input, let truth):
            arguments["root_path_1"] = .string(input)
            arguments["root_path_2"] = .string(truth)
        }
        if let split {
            arguments["split_file"] = .string(split.file)
            arguments["split_key"] = .string(split.key)
        }
        if let firstCount { arguments["first_k"] = .integer(firstCount) }
        arguments["repeat"] = .integer(repetitions)
        arguments["cache"] = .string(cache.rawValue)
        let name: RecipeValue =
            if case .folder = source { "image-folder" } else { "paired-image-folders" }
        return [
            "dataset": .mapping(["name": name, "args": .mapping(arguments)]),
            "wrapper": .mapping(wrapper.mapping),
            "batch_size": .integer(batchSize),
        ]
    }
}
