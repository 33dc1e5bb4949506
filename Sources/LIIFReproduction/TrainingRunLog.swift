import LIIFTraining

/// What the log of a run says of it.
struct TrainingRunLog {
    /// Iterations done.
    var iteration: Int
    /// Time spent, pauses left out.
    var seconds: Double
    /// The last validation, dB.
    var psnr: Double?

    /// - Parameter folder: the run's; nil is returned where no log is in it.
    init?(folder: String) {
        guard let entries = TrainingLogEntry.entries(at: "\(folder)/log.jsonl"), let last = entries.last
        else { return nil }
        iteration = last.iteration
        psnr = entries.last { $0.psnr != nil }?.psnr
        seconds = TrainingLogEntry.seconds(of: entries)
    }
}
