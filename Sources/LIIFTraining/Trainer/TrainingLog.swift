import Files
import Foundation

/// A run's log: one JSON object a line, flushed line by line.
final class TrainingLog {
    private let path: String
    private let handle: FileHandle

    /// Opens the log of a run that stands at an iteration; lines beyond it belong to a part that was lost.
    /// - Throws: `UnwritableFile`, also where there are lines that cannot be read, and would be lost.
    init(path: String, keepingUpTo iteration: Int) throws {
        self.path = path
        try AtomicFile.write(to: path) { file in
            let lines = TrainingLogEntry.lines(at: path)
            guard lines != nil || !FileManager.default.fileExists(atPath: path) else {
                throw UnwritableFile(path: path, reason: "what is in it cannot be read")
            }
            let kept = (lines ?? []).filter { $0.entry.iteration <= iteration }
            let bytes = Array(kept.map { $0.text + "\n" }.joined().utf8)
            try bytes.withUnsafeBytes { try file.write($0) }
        }
        do {
            handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try handle.seekToEnd()
        } catch {
            throw UnwritableFile(path: path, reason: systemReason(error))
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
        do {
            try handle.write(contentsOf: Data((entry.line + "\n").utf8))
        } catch {
            throw UnwritableFile(path: path, reason: systemReason(error))
        }
    }
}
