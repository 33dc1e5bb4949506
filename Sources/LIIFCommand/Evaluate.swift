import ArgumentParser
import Files
import Foundation
import LIIF
import LIIFEvaluation

/// `liif evaluate`
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on pictures whose originals are known.",
        discussion: """
            Enlarges low-resolution versions of the pictures and prints the mean PSNR in dB, bicubic interpolation \
            beside it. A model of one scale (an up-sampling module) is measured at that scale alone. A set is a folder: Set5/HR with Set5/LR_bicubic/X2 …, DIV2K_valid_HR with \
            DIV2K_valid_LR_bicubic/X2 … beside it, or any folder of originals, from which the low-resolution \
            versions are then made. A recipe in the released schema (Recipes/evaluate-*.yaml) names its own set, \
            scale and protocol.

            Examples:
              liif evaluate --set benchmark/Set5 --scales 2,3,4,6,8 --published
              liif evaluate --set DIV2K_valid_HR --style div2k --model mine.safetensors
              liif evaluate --config Recipes/evaluate-set5-x2.yaml --data-root data
            """)

    @Option(
        help: ArgumentHelp("A folder of original pictures; can be given several times.", valueName: "folder"))
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            How to measure: benchmark (luma, a border of the scale is left out), div2k (RGB, a border of the scale \
            + 6) or faces (RGB, no border). (default: benchmark)
            """, valueName: "style"),
        transform: { text in
            if let style = EvaluationSet.Style(rawValue: text) { return style }
            throw ValidationError(
                "expected \(EvaluationSet.Style.allCases.map(\.rawValue).joined(separator: ", ")).")
        })
    var style: EvaluationSet.Style?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Whole scales of at least 1, with commas (default: \
            \(ScaleList.standard.defaultValueDescription)).
            """, valueName: "list"))
    var scales: ScaleList?

    @Option(help: ArgumentHelp("Measure what a recipe describes, instead of --set.", valueName: "recipe"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The folder that the recipe's relative paths begin from (default: the current one).",
            valueName: "folder"))
    var dataRoot: String?

    @OptionGroup(title: "Model") var model: ModelOptions

    @Flag(help: "Average the eight flips and turns of each picture: a little better, eight times slower.")
    var selfEnsemble = false

    @Flag(help: "Add the figures that the paper publishes for the set.")
    var published = false

    @Flag(help: "A row for each picture, with its time.")
    var byPicture = false

    @Flag(help: "Print JSON: everything measured, for each picture.")
    var json = false

    /// `--style` and `--scales`, or their defaults.
    private var setStyle: EvaluationSet.Style { style ?? .benchmark }
    private var setScales: [Int] { (scales ?? .standard).scales }

    func validate() throws {
        guard set.isEmpty != (config == nil) else {
            throw ValidationError("Give either --set with a folder of pictures or --config with a recipe.")
        }
        guard config == nil || (scales == nil && style == nil) else {
            throw ValidationError(
                "--scales and --style belong to --set; a recipe names its own scale and protocol.")
        }
        guard dataRoot == nil || config != nil else {
            throw ValidationError("--data-root belongs to --config; --set is a path of its own.")
        }
        guard !published || config == nil else {
            throw ValidationError("--published belongs to --set; a recipe does not say which set it is.")
        }
        guard !byPicture || !json else {
            throw ValidationError("--json has every picture already; leave out --by-picture.")
        }
    }

    func run() throws {
        let line = ProgressLine()
        defer { line.finish() }
        // All inputs are opened before the first of them is measured.
        let sets = try EvaluationSet.open(set, style: setStyle)
        let recipe = try config.map { try EvaluationRecipe(contentsOf: $0) }
        let subject = LIIFUpscaler(
            try model.open(), precision: model.precision.precision, selfEnsemble: selfEnsemble)
        try recipe?.check(subject)
        if let scale = subject.fixedScale, recipe == nil, !setScales.contains(scale) {
            throw ValidationError(
                "\(model.model ?? "the model"): it enlarges by \(scale) and nothing else; add \(scale) to --scales."
            )
        }
        let upscalers: [any SuperResolver] = [BicubicUpscaler(), subject]
        func show(_ progress: EvaluationProgress) {
            line.show(
                "\(progress.set) \(progress.scale)  \(progress.method)  picture \(progress.done)/\(progress.count)  "
                    + "\(progress.latest.name) \(fixed(progress.latest.psnr, 2)) dB")
        }
        var table =
            if let recipe {
                try evaluate(
                    upscalers, on: recipe, name: PathName.fileName(of: recipe.file), root: dataRoot,
                    progress: show)
            } else {
                try evaluate(upscalers, on: sets, scales: setScales, progress: show)
            }
        if published { for set in sets { table = table + figures(of: set) } }
        print(
            json ? table.json : byPicture ? table.markdownByPicture : table.markdown,
            terminator: json ? "\n" : "")
    }

    /// The paper's rows for a set, at the scales that were measured.
    private func figures(of set: EvaluationSet) -> EvaluationTable {
        let columns = Set(setScales.map { "×\($0)" })
        return PublishedFigures.rows(for: set)
            .map { $0.table(style: setStyle, setName: set.name) }
            .reduce(EvaluationTable(), +)
            .filter { columns.contains($0.scale) }
    }
}

extension EvaluationTable {
    fileprivate func filter(_ isIncluded: (Result) -> Bool) -> EvaluationTable {
        EvaluationTable(results: results.filter(isIncluded))
    }
}

/// `2,3,4`
struct ScaleList: ExpressibleByArgument {
    /// What is measured unless something else is said.
    static let standard = ScaleList(scales: [2, 3, 4])

    var scales: [Int]

    init(scales: [Int]) { self.scales = scales }

    init?(argument: String) {
        let scales = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard scales.allSatisfy({ $0.map { (1...1024).contains($0) } ?? false }) else { return nil }
        // What is named twice is measured once.
        self.scales = scales.compactMap(\.self).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    var defaultValueDescription: String { scales.map(String.init).joined(separator: ",") }
}
