import Files
import Foundation

/// A run's log: one JSON object a line, flushed line by line.
final class TrainingLog {
    private let handle: FileHandle

    /// Opens the log of a run that stands at an iteration; lines beyond it belong to a part that was lost.
    init(path: String, keepingUpTo iteration: Int) throws {
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let kept = old.split(separator: "\n").filter { line in
            guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let at = object["iteration"] as? Int
            else { return false }
            return at <= iteration
        }
        try AtomicFile.write(kept.map { $0 + "\n" }.joined().utf8, to: path)
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
        var fields = [
            "\"iteration\": \(progress.iteration)", "\"epoch\": \(progress.epoch)",
            "\"loss\": \(Float(progress.loss))", "\"mean_loss\": \(Float(progress.meanLoss))",
            "\"learning_rate\": \(Float(progress.learningRate))",
            "\"iterations_per_second\": \(Float(progress.iterationsPerSecond))",
            "\"time\": \(Int(Date().timeIntervalSince1970))",
        ]
        if validated, let psnr = progress.psnr, psnr.isFinite { fields.append("\"psnr\": \(Float(psnr))") }
        try handle.write(contentsOf: Data("{\(fields.joined(separator: ", "))}\n".utf8))
    }
}
