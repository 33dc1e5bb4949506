import Files
import Foundation
import LIIF
import NeuralNetwork
import RecipeFormat
import Synchronization
import TensorFiles
import Tensors

/// Runs a recipe: batches, the optimizer's steps, validation, checkpoints, a log. The same recipe and seed give the same
/// weights, bit for bit, however often the run is interrupted and whatever the number of cores.
public final class Trainer {
    /// Where a run stands, after an iteration.
    public struct Progress: Sendable {
        /// Iterations done and to be done.
        public var iteration, iterationCount: Int
        /// The current epoch, from 1.
        public var epoch, epochCount: Int
        /// Mean loss of the last batch, and a running mean of about 100.
        public var loss, meanLoss: Double
        /// The last iteration's.
        public var learningRate: Double
        /// Over the last iterations.
        public var iterationsPerSecond: Double
        /// The last validation's PSNR in dB, and the best so far.
        public var psnr, bestPSNR: Double?

        /// Seconds until the end at the present speed; infinite while that is not known, after the first iteration.
        public var secondsLeft: Double {
            let left = iterationCount - iteration
            return left == 0 ? 0 : iterationsPerSecond > 0 ? Double(left) / iterationsPerSecond : .infinity
        }
    }

    /// What is run.
    public let recipe: TrainingRecipe
    /// Checkpoints and log: `last`, `best`, `epoch-N` (.safetensors) and `log.jsonl`; at the end `model`, the
    /// weights alone.
    public let folder: String
    /// Sentences for whoever begins the run: what is not as it was in the part that it goes on from.
    public let notes: [String]
    /// Seconds between checkpoints within an epoch.
    public var checkpointInterval = 240.0

    private let samples: any SampleSet
    private let validation: (any SampleSet)?
    private let state: TrainingState
    private let engine: BatchGradient
    private let iterationsPerEpoch: Int
    private let log: TrainingLog
    /// Keeps other runs out of the folder.
    private let lock: FolderLock
    private let stopRequested = StopRequest()

    /// Opens the data and, with `resume`, the folder's last checkpoint (or the recipe's).
    /// - Parameters:
    ///   - folder: Created where it is missing; a run that is in it is not overwritten unless resumed. As long as the
    ///     trainer lives, no other has the folder.
    ///   - dataRoot: What relative paths of the recipe's data begin from; nil for the current folder.
    /// - Throws: whatever is wrong with the data, the recipe's model or the checkpoint, naming the file.
    public init(_ recipe: TrainingRecipe, folder: String, dataRoot: String? = nil, resume: Bool) throws {
        self.recipe = recipe
        self.folder = folder
        // Before anything is read or written. A folder that is missing is locked when it is made.
        let early = try Self.lock(folder)
        let network = LIIFNetwork(try ModelConfiguration(recipe.modelSection))
        samples = try recipe.trainingData.open(root: dataRoot)
        validation = try recipe.validationData?.open(root: dataRoot)
        iterationsPerEpoch = recipe.iterationsPerEpoch(sampleCount: samples.count)
        let checkpoint = try Self.checkpoint(in: folder, resume: resume)
        let isFresh = checkpoint == nil && recipe.resume == nil
        state = try TrainingState(
            network, recipe: recipe,
            initial: isFresh
                ? recipe.openInitialWeights(network) : InitialWeights(network, seed: recipe.seed))
        do throws(UnwritableFile) {
            try makeFolder(folder)
        } catch {
            throw TrainerError.unwritable(folder, reason: error.reason)
        }
        if early.isThere {
            lock = early
        } else {
            lock = try Self.lock(folder)
            // Another run that was begun at the same moment may have come first, and have ended.
            guard try Self.checkpoint(in: folder, resume: resume) == checkpoint else {
                throw TrainerError.folderLocked(folder)
            }
        }
        if let checkpoint {
            try state.restore(from: checkpoint, recipe: recipe, iterationsPerEpoch: iterationsPerEpoch)
        } else if let path = recipe.resume {
            try state.restore(from: path, recipe: recipe, iterationsPerEpoch: iterationsPerEpoch)
            // The best so far lies in another folder.
            state.bestPSNR = nil
        }
        notes = Self.notes(on: checkpoint ?? recipe.resume, former: state.sampleCount, now: samples.count)
        state.sampleCount = samples.count
        log = try TrainingLog(path: "\(folder)/log.jsonl", keepingUpTo: state.iteration)
        engine = BatchGradient(network, precision: recipe.precision.orFloat32)
        engine.normalization = recipe.normalization
        engine.loss = recipe.loss
        // What a recipe's data cannot teach an up-sampling module is said before the first iteration.
        if network.configuration.fixedScale != nil {
            for set in [samples, validation].compactMap(\.self) where set.count > 0 {
                try engine.check(set.sample(index: 0, epoch: 0, seed: recipe.seed))
            }
        }
        if recipe.validationProtocol != .none, let validation, validation.count > 0 {
            try recipe.validationProtocol.check(validation.sample(index: 0, epoch: 0, seed: recipe.seed))
        }
        guard state.iteration <= iterationCount else {
            throw TrainerError.pastTheEnd(iteration: state.iteration, end: iterationCount)
        }
    }

    /// Iterations of the whole run.
    public var iterationCount: Int { recipe.epochCount * iterationsPerEpoch }

    /// Makes `run` return after the current iteration, when its checkpoint is written. For any thread.
    public var stop: @Sendable () -> Void {
        let request = stopRequested
        return { request.isSet.store(true, ordering: .relaxed) }
    }

    /// Trains to the recipe's end, to `limit` iterations in all, or until `stop` is called.
    /// - Parameter report: Called after every iteration.
    public func run(limit: Int = .max, report: (Progress) -> Void) throws {
        let end = min(limit, iterationCount)
        let schedule = recipe.learningRate(iterationsPerEpoch: iterationsPerEpoch)
        let clock = ContinuousClock()
        var meter = SpeedMeter()
        var psnr: Double?
        var lastSave = clock.now
        let loader = BatchLoader(
            samples, size: recipe.trainingData.batchSize, iterationsPerEpoch: iterationsPerEpoch,
            seed: recipe.seed)
        try engine.refresh(from: state.parameters)
        var isStopping = false
        while state.iteration < end && !isStopping {
            let epoch = state.iteration / iterationsPerEpoch + 1
            let rate = schedule.rate(at: state.iteration)
            let batch = try loader.batch(state.iteration, before: end)
            let loss = try engine(batch, parameters: state.parameters)
            // Without `gradient_clip` nothing is shortened, but the norm tells.
            let norm = clipGradient(
                engine.gradient, count: state.network.parameters.count,
                limit: recipe.gradientClip ?? .infinity)
            let diverged = TrainerError.diverged(iteration: state.iteration, rate: rate)
            guard loss.isFinite, norm.isFinite else { throw diverged }
            try update(rate: rate)
            state.iteration += 1
            meter.add(clock.now)
            let meanLoss = state.meanLoss.map { $0 + (loss - $0) * 0.01 } ?? loss
            state.meanLoss = meanLoss
            let isEpochEnd = state.iteration % iterationsPerEpoch == 0
            let validates = isEpochEnd && isValidated(epoch)
            var isBest = false
            if validates {
                psnr = try validate()
                if let psnr, psnr.isNaN { throw diverged }
                isBest = psnr.map { $0 > state.bestPSNR ?? -.infinity } ?? false
                if isBest { state.bestPSNR = psnr }
                meter.pause(clock.now)
            }
            let progress = Progress(
                iteration: state.iteration, iterationCount: iterationCount, epoch: epoch,
                epochCount: recipe.epochCount, loss: loss, meanLoss: meanLoss, learningRate: rate,
                iterationsPerSecond: meter.rate, psnr: psnr, bestPSNR: state.bestPSNR)
            try log.write(progress, validated: validates)
            report(progress)
            let due = lastSave.duration(to: clock.now) > .seconds(checkpointInterval)
            isStopping = stopRequested.isSet.load(ordering: .relaxed)
            if isEpochEnd || due || isStopping || state.iteration == end {
                // A useless checkpoint never takes a good one's place.
                guard state.isFinite else { throw diverged }
                try save(epoch: epoch, isEpochEnd: isEpochEnd, isBest: isBest)
                lastSave = clock.now
            }
        }
        if state.iteration == iterationCount {
            try LIIFModel(
                state.network, parameters: state.weights, normalization: recipe.normalization, origin: origin
            ).write(to: "\(folder)/model.safetensors")
        }
    }

    /// Whether the model is validated after an epoch: every few, and after the last.
    private func isValidated(_ epoch: Int) -> Bool {
        guard validation != nil, let every = recipe.epochsPerValidation else { return false }
        return epoch % every == 0 || epoch == recipe.epochCount
    }

    /// Where weights come from, for their file.
    private var origin: [String: String] {
        var origin = [
            "trained by": "liif train, iteration \(state.iteration) of \(iterationCount)",
            "recipe": PathName.fileName(of: recipe.file),
        ]
        origin["begun with"] = state.begunWith
        return origin
    }

    private func update(rate: Double) throws {
        try state.step(gradient: engine.gradient, rate: rate)
        if let average = state.average, let decay = recipe.averageDecay {
            state.adam.average(into: average, of: state.parameters, decay: decay)
        }
        try engine.refresh(from: state.parameters)
    }

    /// Mean PSNR over the validation batches, in dB, as the release takes it: of a batch's mean squared error,
    /// each time on the same points.
    private func validate() throws -> Double? {
        guard let validation, validation.count > 0 else { return nil }
        if state.average != nil { try engine.refresh(from: state.weights) }
        let size = recipe.validationData?.batchSize ?? 1
        var sum = 0.0
        for start in stride(from: 0, to: validation.count, by: size) {
            let indices = Array(start..<min(start + size, validation.count))
            let batch = try validation.samples(indices, epoch: 0, seed: recipe.seed)
            let errors = try engine.squaredErrors(
                batch, parameters: state.weights, evaluation: recipe.validationProtocol)
            sum -= 10 * log10(errors.reduce(0, +) / Double(batch.count)) * Double(batch.count)
        }
        if state.average != nil { try engine.refresh(from: state.parameters) }
        return sum / Double(validation.count)
    }

    /// `last` comes last: a run that is killed before it repeats the epoch, validation and all.
    private func save(epoch: Int, isEpochEnd: Bool, isBest: Bool) throws {
        let file = state.checkpoint(recipe, origin: origin, iterationsPerEpoch: iterationsPerEpoch)
        if isEpochEnd, let every = recipe.epochsPerSave, epoch % every == 0 {
            try file.write(to: "\(folder)/epoch-\(epoch).safetensors")
        }
        if isBest { try file.write(to: "\(folder)/best.safetensors") }
        try file.write(to: "\(folder)/last.safetensors")
    }
}

/// Whether a run was asked to stop.
private final class StopRequest: Sendable {
    let isSet = Atomic(false)
}
