import Foundation

/// One line on the terminal that is written over; elsewhere only the lines worth keeping.
final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) != 0
    private var lastShown: ContinuousClock.Instant?
    private var pending = ""

    /// - Parameter keep: Whether the line is written where there is no terminal.
    func show(_ text: String, keep: Bool = false) {
        pending = text
        let now = ContinuousClock.now
        if isTerminal {
            if let lastShown, lastShown.duration(to: now) < .milliseconds(100) { return }
            write("\r\u{1B}[K" + text)
        } else if keep {
            write(text + "\n")
        }
        lastShown = now
    }

    /// Leaves the last text standing.
    func finish() {
        if isTerminal && !pending.isEmpty { write("\r\u{1B}[K" + pending + "\n") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

/// Seconds as `45 s`, `12 min`, `3 h 05 min`.
func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "unknown time" }
    let whole = Int(seconds.rounded())
    if whole < 90 { return "\(whole) s" }
    if whole < 5400 { return "\((whole + 30) / 60) min" }
    return "\(whole / 3600) h \(String(format: "%02d", whole % 3600 / 60)) min"
}
