import Foundation
import Synchronization

/// Writes to the standard error output. Where that is closed or full nobody can be told, and the work goes on.
func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

/// What a user is told of a file whose further pictures, pages or frames, are passed over.
func noteOnMorePictures(in file: String) -> String { "\(file): only the first of its pictures is read." }

/// The standard output did not take all that was printed.
struct OutputLost: Error, CustomStringConvertible {
    let description = "Not all of the standard output could be written."

    private static let isLost = Atomic(false)

    /// Sends what was printed on its way.
    static func flush() {
        // All streams: `stdout` itself is a variable, which Swift's rules of concurrency do not let through.
        if fflush(nil) != 0 { isLost.store(true, ordering: .relaxed) }
    }

    /// Sees to it that all that was printed has left the program.
    static func check() throws(OutputLost) {
        flush()
        guard !isLost.load(ordering: .relaxed) else { throw OutputLost() }
    }
}
