import ArgumentParser
import DurationText
import Files
import LIIFTraining
import Tensors

/// `liif train`
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model as a recipe says.",
        discussion: """
            Recipes are YAML files in the released code's schema; Recipes/ has one per row of the paper's tables. The folder \
            receives last.safetensors every few minutes, best.safetensors, epoch-N.safetensors, log.jsonl, and at the end \
            model.safetensors, the weights alone. Ctrl-C ends a run after its current iteration, with a checkpoint; --resume \
            goes on as if it had never stopped.

            Example: liif train Recipes/edsr-baseline-liif.yaml --folder runs/table1
            """)

    @Argument(help: ArgumentHelp("The recipe, a YAML file.", valueName: "recipe"))
    var recipe: String

    @Option(
        name: .shortAndLong, help: "Where checkpoints and the log go (default: save/ and the recipe's name).")
    var folder: String?

    @Flag(help: "Go on from the folder's last checkpoint, if there is one.")
    var resume = false

    @Option(help: "The folder that the recipe's relative data paths begin from (default: the current one).")
    var dataRoot: String?

    @Option(help: "Stop after this many iterations in all; --resume goes on later.")
    var iterations: Int?

    func validate() throws {
        // As of a variable that is not set; its files would lie at the file system's root.
        if folder == "" {
            throw ValidationError("--folder: the name is empty; name a folder, or leave --folder out.")
        }
        if let iterations, iterations < 1 {
            throw ValidationError("--iterations \(iterations): at least 1 is needed.")
        }
    }

    func run() throws {
        let settings = try TrainingRecipe(contentsOf: recipe)
        let trainer = try Trainer(
            settings, folder: folder ?? "save/\(PathName.stem(of: recipe))", dataRoot: dataRoot,
            resume: resume)
        let line = ProgressLine()
        defer { line.finish() }
        if settings.precision.orFloat32 != settings.precision {
            line.note("This processor has no \(settings.precision.rawValue): training in float32.")
        }
        trainer.notes.forEach(line.note)
        try Interruption.stopping(trainer.stop) {
            try trainer.run(limit: iterations ?? .max) { progress in
                var text = "epoch \(progress.epoch)/\(progress.epochCount)"
                text += "  iteration \(progress.iteration)/\(progress.iterationCount)"
                text +=
                    "  loss \(fixed(progress.meanLoss, 5))  \(fixed(progress.iterationsPerSecond, 2)) it/s"
                text += "  \(duration(progress.secondsLeft)) left"
                if let psnr = progress.psnr, let best = progress.bestPSNR {
                    text += "  validation \(fixed(psnr, 2)) dB (best \(fixed(best, 2)))"
                }
                line.show(text, keep: progress.iteration % 100 == 0)
            }
        }
    }
}
