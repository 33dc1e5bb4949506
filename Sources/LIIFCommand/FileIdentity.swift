import ArgumentParser
import Foundation

/// Which file a name leads to, whatever the name, and when it was last written.
struct FileIdentity: Hashable {
    let device: UInt64
    let number: UInt64

    /// What a file was like at one moment.
    struct State: Equatable {
        let identity: FileIdentity
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// The file that a name leads to, symbolic links followed; nil if there is none.
    init?(_ path: String) {
        guard let state = Self.state(of: path) else { return nil }
        self = state.identity
    }

    private init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    /// Whether two names lead to one file, which is there.
    static func isSame(_ a: String, _ b: String) -> Bool {
        guard let identity = FileIdentity(a) else { return false }
        return identity == FileIdentity(b)
    }

    /// Refuses an output that is the input, whatever their names.
    static func check(output: String, isNot input: String) throws {
        guard isSame(output, input) else { return }
        throw ValidationError(UpscaleError.outputIsInput(output: output, input: output).description)
    }

    /// Nil if there is no such file.
    static func state(of path: String) -> State? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return State(
            identity: FileIdentity(status), size: Int64(status.st_size), seconds: time.tv_sec,
            nanoseconds: time.tv_nsec)
    }
}

/// Notices that a file is written to while it is read.
///
/// A file that is replaced by a rename is no change: what was opened stays as it was.
struct ChangeWatch {
    private let path: String
    private let state: FileIdentity.State?

    /// - Parameter path: A file that is about to be opened.
    init(_ path: String) {
        self.path = path
        state = FileIdentity.state(of: path)
    }

    /// - Parameter name: What the error calls the file.
    /// - Throws: `UpscaleError.changedWhileRead`
    func check(name: String) throws {
        guard let state, let now = FileIdentity.state(of: path), now.identity == state.identity else {
            return
        }
        if now != state { throw UpscaleError.changedWhileRead(file: name) }
    }
}
