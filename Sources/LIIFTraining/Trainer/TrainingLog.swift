import Files
import Foundation

/// A run's log: one JSON object a line, flushed line by line.
final class TrainingLog {
    private let handle: FileHandle

    /// Opens the log of a run that stands at an iteration; lines beyond it belong to a part that was lost.
    init(path: String, keepingUpTo iteration: Int) throws {
        let kept = (TrainingLogEntry.lines(at: path) ?? []).filter { $0.entry.iteration <= iteration }
        try AtomicFile.write(kept.map { $0.text + "\n" }.joined().utf8, to: path)
        do {
            handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.seekToEnd()
        } catch {
            throw TrainerError.unwritable(path, reason: error.localizedDescription)
        }
    }

    /// Every tenth iteration, and every validation.
    func write(_ progress: Trainer.Progress, validated: Bool) throws {
        guard validated || progress.iteration % 10 == 0 || progress.iteration == 1 else { return }
        let psnr = validated ? progress.psnr.flatMap { $0.isFinite ? $0 : nil } : nil
        let entry = TrainingLogEntry(
            iteration: progress.iteration, epoch: progress.epoch, loss: progress.loss,
            meanLoss: progress.meanLoss, learningRate: progress.learningRate,
            iterationsPerSecond: progress.iterationsPerSecond, time: Date().timeIntervalSince1970, psnr: psnr)
        try handle.write(contentsOf: Data((entry.line + "\n").utf8))
    }
}
