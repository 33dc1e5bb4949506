import Files

/// Notices that a file is written to while it is read.
///
/// A file that is replaced by a rename is no change: what was opened stays as it was.
struct ChangeWatch {
    private let path: String
    private let state: FileState?

    /// - Parameter path: A file that is about to be opened.
    init(_ path: String) {
        self.path = path
        state = FileState(path)
    }

    /// - Parameter name: What the error calls the file.
    /// - Throws: `UpscaleError.changedWhileRead`
    func check(name: String) throws {
        guard let state, let now = FileState(path), now.identity == state.identity else {
            return
        }
        if now != state { throw UpscaleError.changedWhileRead(file: name) }
    }
}
