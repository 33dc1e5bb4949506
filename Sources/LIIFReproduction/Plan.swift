import Foundation
public import LIIFTraining
import RecipeFormat

/// What has to be trained before experiments can be measured.
public struct Plan: Sendable {
    /// One model's training.
    public struct Run: Sendable {
        /// The recipe's name, without `.yaml`.
        public var name: String
        /// The recipe at the budget, with the data where they are.
        public var recipe: TrainingRecipe
        /// Iterations done.
        public var done: Int
        /// Whether nothing is left to do.
        public var isComplete: Bool
        /// The command that does it.
        public var command: String
        /// Iterations in all and seconds for each, tried here; nil where that failed or was not asked for.
        public var estimate: Estimate?
        /// Why it could not be tried.
        public var problem: String?
    }

    /// A trial's result.
    public struct Estimate: Sendable {
        /// Of the whole run.
        public var iterations: Int
        /// Wall time of one, at the machine's present load.
        public var secondsPerIteration: Double
    }

    /// In the order of the experiments.
    public var runs: [Run]

    /// Seconds until all is trained; nil where it is not known.
    public var secondsLeft: Double? {
        runs.filter { !$0.isComplete }.reduce(0.0) { sum, run in
            guard let sum, let estimate = run.estimate else { return nil }
            return sum + Double(estimate.iterations - run.done) * estimate.secondsPerIteration
        }
    }
}

extension Plan.Estimate {
    /// Iterations that are tried, the first of which makes kernels and is not counted.
    private static let tried = 4

    /// Tries the first iterations of a recipe in a folder, which is made and removed again.
    init(_ recipe: TrainingRecipe, dataRoot: String, folder: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var recipe = recipe
        recipe.validationData = nil
        let trainer = try Trainer(recipe, folder: folder, dataRoot: dataRoot, resume: false)
        let clock = ContinuousClock()
        var (first, last) = (clock.now, clock.now)
        try trainer.run(limit: Self.tried) { progress in
            if progress.iteration == 1 { first = clock.now }
            last = clock.now
        }
        self.init(
            iterations: trainer.iterationCount,
            secondsPerIteration: (last - first) / .seconds(1) / Double(Self.tried - 1))
    }
}
