import ArgumentParser
import DurationText
import Foundation
import LIIFReproduction
import LIIFTraining

/// `liif reproduce`
struct Reproduce: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reproduce the paper's tables and figures.",
        discussion: """
            Trains the models that are missing, measures, and writes each table as Markdown with the published \
            figures beside ours, each figure as labelled panels too. A run that is interrupted goes on at the next \
            call; what was measured is not measured again.

            --data is a folder with load/div2k, load/benchmark and load/celebAHQ as the released code has them, or \
            with train, validation, benchmark and faces256. --models receives a folder for each model; at the \
            paper's budget released checkpoints (edsr-baseline-liif.pth …) are found there too.

            --budget small makes every network narrower and shallower and trains it for 3000 iterations: two to six \
            minutes for each on two cores with BF16, up to an hour without it (--plan tries). At the paper's budget a \
            model takes weeks, so the commands are named rather than run, unless --train is given.

            Examples:
              liif reproduce table2 --data data --models models --budget small
              liif reproduce figure5 --data data --models models --budget small --plan
            """)

    @Argument(help: "table1 … table5, figure5 … figure7; several, or all.")
    var experiments: [ExperimentName]

    @Option(help: ArgumentHelp("The folder of the pictures.", valueName: "folder"))
    var data: String

    @Option(
        help: ArgumentHelp("The folder of models: where they are found and trained.", valueName: "folder"))
    var models: String

    @Option(help: "paper or small.")
    var budget = BudgetName.paper

    @Flag(
        help:
            "List what would be trained, with the time it would take at the machine's present load, and stop."
    )
    var plan = false

    @Flag(
        inversion: .prefixedNo,
        help: "Train what is missing; otherwise its commands are named (default: train at the small budget).")
    var train: Bool?

    @Option(
        help: ArgumentHelp(
            "This project's recipes (default: \(RecipesFolder.local) here, or those that came with the program).",
            valueName: "folder"))
    var recipes: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Receives the tables and figures.", valueName: "folder"))
    var output = "reproduction"

    @Option(help: ArgumentHelp("Another picture for the figures.", valueName: "file"))
    var picture: String?

    func validate() throws {
        // As of a variable that is not set; files would be read and written at the file system's root.
        let folders = [("data", data), ("models", models), ("recipes", recipes), ("output", output)]
        for (option, folder) in folders where folder == "" {
            throw ValidationError("--\(option): the name is empty; name a folder.")
        }
    }

    func run() throws {
        let chosen = experiments.flatMap(\.experiments)
        let recipes = recipes ?? RecipesFolder.existing
        var reproduction = try Reproduction(
            .init(data: data, models: models, recipes: recipes ?? RecipesFolder.local, output: output),
            budget: budget.budget)
        if recipes == nil, chosen.contains(where: { !$0.recipes(reproduction.budget).isEmpty }) {
            throw RecipesFolder.Missing()
        }
        reproduction.picture = picture
        let line = ProgressLine()
        defer { line.finish() }
        if plan {
            let todo = try Interruption.withTemporaryFolder(named: "liif-plan") { folder in
                try reproduction.plan(chosen, tryingEachIn: folder) {
                    line.show("trying the first iterations of \($0)", atOnce: true)
                }
            }
            line.clear()
            print(todo.markdown, terminator: "")
            return
        }
        let missing = try reproduction.plan(chosen).runs.filter { !$0.isComplete }
        // Not found missing after the training.
        let opened = try reproduction.open(chosen)
        for (index, run) in missing.enumerated() {
            guard train ?? (budget == .small) else {
                try reproduction.writeRecipe(run)
                line.show("not trained: \(run.command)", keep: true)
                continue
            }
            let trainer = try reproduction.trainer(of: run)
            trainer.notes.forEach(line.note)
            try Interruption.stopping(trainer.stop) {
                try trainer.run { progress in
                    line.show(
                        "training \(index + 1)/\(missing.count) \(run.name)  "
                            + "iteration \(progress.iteration)/\(progress.iterationCount)  "
                            + "loss \(fixed(progress.meanLoss, 5))  \(duration(progress.secondsLeft)) left",
                        keep: progress.iteration % 500 == 0)
                }
            }
        }
        for experiment in opened {
            let text = try reproduction.report(experiment) { line.show($0) }
            line.clear()
            print(text)
        }
    }
}

/// `table1`, or `all`.
enum ExperimentName: ExpressibleByArgument {
    case one(Experiment)
    case all

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let experiment = Experiment(rawValue: argument) {
            self = .one(experiment)
        } else {
            return nil
        }
    }

    var experiments: [Experiment] {
        switch self {
        case .one(let experiment): [experiment]
        case .all: Experiment.allCases
        }
    }

    static var allValueStrings: [String] { Experiment.allCases.map(\.rawValue) + ["all"] }
}

/// `--budget`
enum BudgetName: String, CaseIterable, ExpressibleByArgument {
    case paper, small

    var budget: Budget { self == .paper ? .paper : .small(SmallBudget()) }
}

extension Plan {
    /// A row for each model: what is done, what is left, and how long that takes.
    fileprivate var markdown: String {
        var text = "| model | iterations done | of | left |\n|---|---:|---:|---:|\n"
        for run in runs {
            let left = run.estimate.map {
                duration(Double($0.iterations - run.done) * $0.secondsPerIteration)
            }
            let total = run.estimate.map { "\($0.iterations)" } ?? ""
            text += "| \(run.name) | \(run.isComplete ? "all" : "\(run.done)") | \(total) "
            text += "| \(run.isComplete ? "" : left ?? "unknown") |\n"
        }
        if runs.isEmpty { return "Nothing needs to be trained.\n" }
        for run in runs { if let problem = run.problem { text += "\n\(run.name): \(problem)\n" } }
        if let secondsLeft, secondsLeft > 0 { text += "\nIn all \(duration(secondsLeft)).\n" }
        return text
    }
}
