import DurationText
import Foundation
import ImageCodecs
import LIIF

/// Tells the user how the work goes: a line that is written over on a terminal, one line for each picture as JSON
/// where asked for, failures and a summary at the end.
final class UpscaleReport {
    /// What became of a picture.
    enum Outcome {
        case done(seconds: Double)
        case skipped
        case failed(any Error)
    }

    private let isBatch: Bool
    private let printsJSON: Bool
    private let isQuiet: Bool
    private let line: ProgressLine
    private let start = ContinuousClock.now
    private let count: Int
    private let totalWork: Double
    private var doneWork = 0.0
    /// Work and seconds since the first picture was begun, for the time left.
    private var workStart: ContinuousClock.Instant?
    private var index = 0
    private(set) var doneCount = 0
    private(set) var skippedCount = 0
    private(set) var failures: [(name: String, error: any Error)] = []
    private var unreadCount = 0

    /// - Parameters:
    ///   - pictures: All that will be begun.
    ///   - line: Shows nothing yet.
    ///   - isBatch: Whether there may be several, which ends with a summary.
    init(
        _ pictures: [PlannedPicture], failed: Int, line: ProgressLine, isBatch: Bool, printsJSON: Bool,
        isQuiet: Bool
    ) {
        self.line = line
        self.isQuiet = isQuiet
        self.isBatch = isBatch
        self.printsJSON = printsJSON
        count = pictures.count + failed
        totalWork = pictures.map(\.work).reduce(0, +)
    }

    private func elapsed(since instant: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - instant) / .seconds(1)
    }

    /// A picture is begun.
    func begin(_ picture: PlannedPicture) {
        index += 1
        guard !picture.isSkipped else { return }
        if workStart == nil { workStart = .now }
        if !isQuiet { noteWhatIsPassedOver(picture) }
        line.show(heading(picture) + "  reading", atOnce: true)
    }

    private func noteWhatIsPassedOver(_ picture: PlannedPicture) {
        let name = picture.input.name
        if picture.holdsMorePictures { line.note(noteOnMorePictures(in: name)) }
        if let option = picture.idleOption {
            line.note("\(name): \(option) has no meaning, for the picture is not enlarged.")
        }
    }

    private func heading(_ picture: PlannedPicture) -> String {
        isBatch ? "\(index)/\(count)  \(picture.input.name)" : "\(picture.input.name)"
    }

    /// A part of the current picture is there.
    func progress(_ picture: PlannedPicture, _ part: Double) {
        let size = picture.rendering.size
        let finished = doneWork + picture.work * part
        let left = elapsed(since: workStart ?? start) * (totalWork - finished) / max(finished, 1e-9)
        var text = heading(picture) + "  \(size.width)×\(size.height)  \(Int(part * 100)) %"
        if isBatch { text += "  all \(Int(100 * finished / max(totalWork, 1e-9))) %" }
        line.show(text + "  \(duration(left)) left")
    }

    /// A picture is finished, for better or worse.
    func end(_ picture: PlannedPicture, _ outcome: Outcome) {
        doneWork += picture.work
        let size = picture.rendering.size
        let name = picture.output ?? "standard output"
        switch outcome {
        case .done(let seconds):
            doneCount += 1
            line.show(
                "\(name): \(size.width)×\(size.height) pixels in \(duration(seconds))", keep: !printsJSON,
                atOnce: true)
            if isBatch { line.finish() }
        case .skipped:
            skippedCount += 1
            if !isBatch && !isQuiet { line.note("\(name) exists and stays as it is.") }
        case .failed(let error): fail(picture.input.name, error)
        }
        if printsJSON { printJSON(JSONRecord(picture, outcome)) }
    }

    /// A picture that is the output of another one is not counted.
    func leaveOut(_ name: String, outputOf source: String) {
        if !isQuiet { line.note("\(name) is left out: it is the output of \(source).") }
    }

    /// Files of folders that are not read are not counted either.
    func leaveOut(_ unread: UnreadFiles) {
        unreadCount = unread.count
        guard let list = unread.list, !isQuiet else { return }
        line.note("\(list) \(unread.count == 1 ? "was" : "were") left out: such files are not read.")
    }

    /// Nor is what else is passed over: a sentence each.
    func leaveOut(_ sentences: [String]) {
        if !isQuiet { for sentence in sentences { line.note(sentence) } }
    }

    /// Something could not even be begun.
    func end(_ name: String, failed error: any Error) {
        index += 1
        fail(name, error)
        if printsJSON { printJSON(JSONRecord(name, error)) }
    }

    private func fail(_ name: String, _ error: any Error) {
        failures.append((name, error))
        if isBatch { line.note("Error: \(message(error, about: name))") } else { line.clear() }
    }

    /// The last words.
    func finish() {
        guard isBatch else { return line.finish() }
        if printsJSON {
            printJSON(
                JSONSummary(
                    pictures: count, done: doneCount, skipped: skippedCount, failed: failures.count,
                    unread: unreadCount, seconds: elapsed(since: start)))
        }
        if isQuiet && failures.isEmpty { return }
        var text = "\(doneCount) of \(count) pictures in \(duration(elapsed(since: start)))"
        if skippedCount > 0 {
            text += ", \(skippedCount) skipped, for their outputs exist (--overwrite replaces them)"
        }
        if !failures.isEmpty { text += ", \(failures.count) failed:" }
        line.note(text)
        for (name, error) in failures { line.note("  \(message(error, about: name))") }
    }
}
