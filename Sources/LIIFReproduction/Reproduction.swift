import DurationText
import Files
import Foundation
public import LIIF
import LIIFEvaluation
public import LIIFTraining

/// Reproduces the paper's tables and figures: plans and trains the models that are missing, measures, and writes each
/// experiment as Markdown with the published figures beside ours, figures as PNG too.
public struct Reproduction {
    /// Where everything lies.
    public struct Folders: Sendable {
        /// Pictures; see `DataLayout` for the two arrangements.
        public var data: String
        /// Runs, models, and what was measured.
        public var models: String
        /// This project's recipes.
        public var recipes: String
        /// Receives `table1.md`, `figure5.md`, `figure5.png` ….
        public var output: String

        /// All folders; the last two need not exist.
        public init(data: String, models: String, recipes: String, output: String) {
            self.data = data
            self.models = models
            self.recipes = recipes
            self.output = output
        }
    }

    /// Where everything lies.
    public let folders: Folders
    /// How much is spent on each model.
    public let budget: Budget
    /// The picture of the figures, in place of their own.
    public var picture: String?
    /// How 1-SIREN is fitted.
    public var siren = SIREN.Fitting()
    /// What models are measured in. By default not 8-bit integers, whose 0.003 dB is as much as some rows differ by.
    public var precision: InferencePrecision =
        InferencePrecision.bfloat16.isSupported ? .bfloat16 : .float32

    let store: ModelStore
    let data: DataLayout
    let measurements: Measurements

    /// - Throws: `ReproductionError` for a data folder that is arranged in no known way.
    public init(_ folders: Folders, budget: Budget) throws {
        self.folders = folders
        self.budget = budget
        let faceSplit = URL(fileURLWithPath: "\(folders.models)/faces-split.json").standardizedFileURL.path
        data = try DataLayout(root: folders.data, faceSplit: faceSplit)
        store = ModelStore(folder: folders.models, budget: budget, recipes: folders.recipes, data: data)
        measurements = Measurements(folder: folders.models)
    }

    /// What has to be trained for some experiments, each model once.
    /// - Parameters:
    ///   - trialFolder: For passing use where each missing run is tried for a few iterations, to tell its time; nil where
    ///     none is tried.
    ///   - report: Told the name of each run that is about to be tried.
    public func plan(
        _ experiments: [Experiment], tryingEachIn trialFolder: String? = nil,
        report: (String) -> Void = { _ in }
    ) throws -> Plan {
        var names: [String] = []
        for name in experiments.flatMap({ $0.recipes(budget) }) where !names.contains(name) {
            names.append(name)
        }
        try prepare(names)
        return Plan(
            runs: try names.map { name in
                let recipe = try store.recipe(name)
                let state = store.state(name)
                var run = Plan.Run(
                    name: name, recipe: recipe, done: 0, isComplete: state == .complete,
                    command: store.command(name))
                if case .begun(let iteration) = state { run.done = iteration }
                guard let trialFolder, state != .complete else { return run }
                report(name)
                do {
                    run.estimate = try Plan.Estimate(
                        recipe, dataRoot: data.root, folder: "\(trialFolder)/\(name)")
                } catch {
                    run.problem = "\(error)"
                }
                return run
            })
    }

    /// What trains a run to its end, from where it stands, or until it is told to stop.
    /// - Throws: whatever is wrong with its recipe, the data or the folder, naming the file.
    public func trainer(of run: Plan.Run) throws -> Trainer {
        let trainer = try Trainer(
            run.recipe, folder: store.run(run.name), dataRoot: data.root, resume: true)
        // Not into the folder of a run that is going on elsewhere.
        _ = try store.writeRecipe(run.name)
        return trainer
    }

    /// Writes the recipe of a run, so that its command works.
    public func writeRecipe(_ run: Plan.Run) throws { _ = try store.writeRecipe(run.name) }

    /// Opens the pictures that experiments show and measure, so that what is missing or does not fit is known before hours of
    /// training.
    /// - Throws: `ReproductionError`, or what is wrong with a set or a picture, naming the file or folder.
    public func open(_ experiments: [Experiment]) throws -> [OpenedExperiment] {
        let studies = experiments.map { $0.study(budget) }
        try prepare(studies.flatMap(\.recipes))
        return try zip(experiments, studies).map { experiment, study in
            let pictures: OpenedExperiment.Pictures =
                switch study {
                case .table(let table): .table(try open(table, named: experiment.rawValue))
                case .figure(let figure): .figure(try open(figure, named: experiment.rawValue))
                }
            return OpenedExperiment(experiment: experiment, recipes: study.recipes, pictures: pictures)
        }
    }

    /// Measures an experiment with the models that there are, writes its Markdown (and picture) into the output
    /// folder, and returns the Markdown.
    /// - Parameter progress: Called with what is being done.
    public func report(_ opened: OpenedExperiment, progress: (String) -> Void = { _ in }) throws -> String {
        let (name, recipes) = (opened.experiment.rawValue, opened.recipes)
        try makeFolder(folders.output)
        var text = "## \(opened.experiment.title)\n\n"
        text += (recipes.isEmpty ? "Measured with the model in the program." : budgetNote) + "\n\n"
        switch opened.pictures {
        case .table(let sections): text += try report(sections, progress: progress)
        case .figure(let figure): text += try report(figure, named: name, progress: progress)
        }
        text += trainingNote(recipes)
        try AtomicFile.write(text.utf8, to: "\(folders.output)/\(name).md")
        return text
    }

    /// The same of an experiment that is opened for it.
    public func report(_ experiment: Experiment, progress: (String) -> Void = { _ in }) throws -> String {
        try open([experiment]).map { try report($0, progress: progress) }.joined()
    }

    /// A plain layout's faces are split before a recipe asks for a part of them.
    private func prepare(_ recipes: [String]) throws {
        let needsFaces = recipes.contains { $0.hasPrefix("celebahq") }
        guard needsFaces, data.kind == .plain else { return }
        let folder = "\(data.root)/faces256"
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let text = try FaceSplit.json(folder: folder)
        guard FileManager.default.contents(atPath: data.faceSplit) != Data(text.utf8) else { return }
        try makeFolder(folders.models)
        try AtomicFile.write(text.utf8, to: data.faceSplit)
    }

    private var budgetNote: String {
        switch budget {
        case .paper: return "Networks and schedules as in the paper."
        case .small(let small):
            return """
                Small budget: EDSR with \(small.residualBlocks) blocks of \(small.features) features, decoders of a \
                \(ordinal(small.widthDivisor)) of the width, \(small.iterations) iterations of batch \
                \(small.batchSize) at \(Int(small.learningRateFactor)) times the rate with warm-up and cosine, every \
                prediction added to the bilinearly enlarged input; the same for every row. Rows compare with each \
                other, not with the published ones.
                """
        }
    }

    private func ordinal(_ divisor: Int) -> String {
        [1: "full", 2: "half", 3: "third", 4: "quarter"][divisor] ?? "\(divisor)th"
    }

    /// How long each model was trained, from its log.
    private func trainingNote(_ recipes: [String]) -> String {
        // What the command does by default is another thing at each.
        let way = budget == .paper ? "with --train" : "without --no-train"
        let lines = recipes.map { name -> String in
            let log = TrainingRunLog(folder: store.run(name))
            switch (store.state(name), log) {
            case (.complete, let log?) where store.isTrainedHere(name):
                let validation = log.psnr.map { String(format: ", validation %.2f dB", $0) } ?? ""
                return "- `\(name)`: \(log.iteration) iterations in \(duration(log.seconds))\(validation)"
            case (.complete, _): return "- `\(name)`: trained elsewhere"
            case (.begun(let iteration), _): return "- `\(name)`: not finished, at iteration \(iteration)"
            case (.absent, _): return "- `\(name)`: not trained; `liif train` it, or run \(way)"
            }
        }
        guard !lines.isEmpty else { return "" }
        return "\nTraining, wall time with whatever else the machine did:\n\n"
            + lines.map { $0 + "\n" }.joined()
    }
}
