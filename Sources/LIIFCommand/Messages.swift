// For `stdout`, a variable of C's that only its own functions change.
@preconcurrency import Foundation
import Synchronization

/// Writes to the standard error output. Where that is closed or full nobody can be told, and the work goes on.
func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

/// What a user is told of a file whose further pictures, pages or frames, are passed over.
func noteOnMorePictures(in file: String) -> String { "\(file): only the first of its pictures is read." }

/// The standard output did not take all that was printed.
struct OutputLost: Error, CustomStringConvertible {
    let description = "Not all of the standard output could be written."

    private static let isLost = Atomic(false)

    /// Whether it is a pipe that nobody reads any more.
    private static var isUnread: Bool {
        var stream = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&stream, 1, 0) > 0 && stream.revents & Int16(POLLERR | POLLHUP) != 0
    }

    /// Sends what was printed on its way.
    static func flush() {
        // The stream remembers what it could not write before: a long text passes its buffer by.
        if fflush(stdout) != 0 || ferror(stdout) != 0 { isLost.store(true, ordering: .relaxed) }
    }

    /// Sees to it that all that was printed has left the program. Where its reader has gone away, as `head` does, the program ends
    /// as others do then: by SIGPIPE, without a word.
    static func check() throws(OutputLost) {
        flush()
        guard isLost.load(ordering: .relaxed) else { return }
        if isUnread {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        throw OutputLost()
    }
}

/// The three streams that a program is started with.
enum InheritedStreams {
    /// Makes them safe to use whatever they are, before any file is opened.
    static func secure() {
        // A file that is opened later does not take the number of a stream that is closed, and messages with it. The wrong way
        // round, so that reading and writing fail as they would have.
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
        // A reader that goes away, of messages say, does not end the work.
        signal(SIGPIPE, SIG_IGN)
    }
}
