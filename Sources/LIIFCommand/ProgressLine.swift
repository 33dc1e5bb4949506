import Foundation

/// One line on the terminal that is written over; elsewhere only the lines worth keeping.
final class ProgressLine {
    private let isTerminal: Bool
    private let isQuiet: Bool
    private var lastShown: ContinuousClock.Instant?
    private var pending = ""

    /// - Parameter isQuiet: Shows nothing but notes.
    init(isQuiet: Bool = false) {
        isTerminal = !isQuiet && isatty(STDERR_FILENO) != 0
        self.isQuiet = isQuiet
    }

    /// - Parameters:
    ///   - keep: Whether the line is written where there is no terminal.
    ///   - atOnce: Written even if the line before it is only a moment old.
    func show(_ text: String, keep: Bool = false, atOnce: Bool = false) {
        pending = text
        let now = ContinuousClock.now
        if isTerminal {
            if let lastShown, !atOnce, lastShown.duration(to: now) < .milliseconds(100) { return }
            say("\r\u{1B}[K" + fitting(text))
        } else if keep && !isQuiet {
            say(text + "\n")
        }
        lastShown = now
    }

    /// Leaves the last text standing, whole.
    func finish() {
        if isTerminal && !pending.isEmpty { say("\r\u{1B}[K" + pending + "\n") }
        pending = ""
    }

    /// Writes a line of its own, whatever is on the terminal.
    func note(_ text: String) {
        clear()
        say(text + "\n")
    }

    /// Leaves nothing standing.
    func clear() {
        if isTerminal && !pending.isEmpty { say("\r\u{1B}[K") }
        pending = ""
    }

    /// A line that wraps could not be written over.
    private func fitting(_ text: String) -> String {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return text }
        return text.count < size.ws_col ? text : text.prefix(Int(size.ws_col) - 2) + "…"
    }
}
