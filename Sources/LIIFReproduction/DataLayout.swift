import Files
import Foundation
package import LIIFEvaluation
package import LIIFTraining

/// Where the pictures lie below `--data`.
package struct DataLayout: Sendable {
    /// How the folder is arranged.
    enum Kind: Sendable {
        /// `load/div2k/…`, `load/benchmark/…`, `load/celebAHQ/…`: as the recipes and the released code have it.
        case released
        /// `train/`, `validation/`, `benchmark/<Set>/`, `faces256/`: any photographs and faces; low-resolution
        /// pictures are made.
        case plain
    }

    let root: String
    let kind: Kind
    /// Of a plain layout's faces: which train, select and test; see `FaceSplit`.
    let faceSplit: String

    /// - Throws: `ReproductionError.noData` where the folder is arranged in neither way.
    package init(root: String, faceSplit: String) throws {
        func has(_ folder: String) -> Bool { PathName.isFolder("\(root)/\(folder)") }
        self.root = root
        self.faceSplit = faceSplit
        if has("load") {
            kind = .released
        } else if ["train", "validation", "benchmark", "faces256"].contains(where: has) {
            kind = .plain
        } else {
            throw ReproductionError.noData(root)
        }
    }

    /// A training recipe with its folders where they are here.
    package func adapted(_ recipe: TrainingRecipe) -> TrainingRecipe {
        var recipe = recipe
        recipe.trainingData = adapted(recipe.trainingData)
        recipe.validationData = recipe.validationData.map(adapted)
        return recipe
    }

    /// A recipe of evaluation with its folders where they are here. The release measures on all of its part `val`, the first
    /// 100 of which select; a plain layout's faces have a part for that alone.
    package func adapted(_ recipe: EvaluationRecipe) -> EvaluationRecipe {
        var recipe = recipe
        recipe.dataset = adapted(recipe.dataset)
        if kind == .plain { recipe.dataset.split?.key = "test" }
        return recipe
    }

    /// A data set with its folders where they are here.
    package func adapted(_ data: DatasetRecipe) -> DatasetRecipe {
        guard kind == .plain else { return data }
        var data = data
        switch data.source {
        case .folder(let path): data.source = .folder(Self.plainFolder(path))
        case .pairedFolders(let input, let truth) where truth.contains("celebAHQ"):
            data.source = .folder("faces256")
            data.split?.file = faceSplit
            data.wrapper = data.wrapper.makingFaces(from: Self.lastNumber(input), to: Self.lastNumber(truth))
        case .pairedFolders(let input, let truth):
            data.source = .folder(Self.plainFolder(truth))
            if case .paired(let patch, let augments, let samples) = data.wrapper {
                let scale = Double(Self.lastNumber(input))
                data.wrapper = .downsampled(
                    inputPatchSize: patch, scale: scale...scale,
                    augmentation: AugmentationRecipe(turns: augments),
                    samplesPerImage: samples)
            }
        }
        return data
    }

    /// The set that a table is measured on; nil where it is not there.
    func set(_ pictures: TableStudy.Pictures) throws -> EvaluationSet? {
        let folder: String
        let name: String
        let style: EvaluationSet.Style
        switch pictures {
        case .validation:
            folder = kind == .released ? "load/div2k/DIV2K_valid_HR" : "validation"
            (name, style) = (kind == .released ? "DIV2K" : "validation", .divided2K)
        case .benchmark(let set):
            folder = (kind == .released ? "load/benchmark/" : "benchmark/") + set
            (name, style) = (set, .benchmark)
        case .faces: return nil
        }
        guard FileManager.default.fileExists(atPath: "\(root)/\(folder)") else { return nil }
        return try EvaluationSet(path: "\(root)/\(folder)", name: name, style: style)
    }

    private static func plainFolder(_ path: String) -> String {
        path.contains("DIV2K_valid") ? "validation" : path.contains("DIV2K_train") ? "train" : path
    }

    /// The number that a folder's name ends in: `X2`, `celebAHQ/64`.
    private static func lastNumber(_ path: String) -> Int {
        Int(path.reversed().prefix { $0.isNumber }.reversed().map(String.init).joined()) ?? 1
    }
}

extension SampleRecipe {
    /// The same of originals at 256 pixels, from which inputs of `low` and truths of `high` are made.
    fileprivate func makingFaces(from low: Int, to high: Int) -> SampleRecipe {
        switch self {
        case .uniformlyVaried(let size, let augments, let truthSize, let samples, _):
            .uniformlyVaried(
                size: size, augments: augments, truthSize: truthSize, samplesPerImage: samples, inputSize: low
            )
        case .paired(_, let augments, let samples):
            .uniformlyVaried(
                size: high...high, augments: augments, truthSize: nil, samplesPerImage: samples,
                inputSize: low)
        case .downsampled: self
        }
    }
}

/// Which faces of a folder train, select and test: by name order all but the last 200, the next 100, the last 100.
package enum FaceSplit {
    /// Faces that select the model, and as many that test it.
    static let held = 100

    /// - Throws: `ReproductionError.tooFewFaces`.
    package static func json(folder: String) throws -> String {
        let names = try ImageFolder(path: folder).files.map { PathName.fileName(of: $0) }
        guard names.count > 2 * held else {
            throw ReproductionError.tooFewFaces(folder, count: names.count, least: 2 * held + 1)
        }
        let parts = [
            "train": Array(names.dropLast(2 * held)), "val": Array(names.suffix(2 * held).prefix(held)),
            "test": Array(names.suffix(held)),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(parts), as: UTF8.self)
    }
}
