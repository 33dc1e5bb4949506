import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file that appears under its name only when it is complete.
///
/// It is written under a temporary name in the same folder and renamed by `commit()`; `discard()` or the object's
/// end removes it. Its permissions are those of any new file.
final class OutputFile {
    /// The name that the caller gave.
    let path: String
    /// Owned by whoever takes it.
    let descriptor: Int32
    /// What `path` refers to, symbolic links followed.
    private let destination: String
    private let temporary: String

    private static let counter = Atomic<Int>(0)
    /// Temporary names of all files not yet committed or discarded.
    private static let pending = Mutex<Set<String>>([])

    /// Creates the temporary file, so that an unwritable folder is noticed before any work.
    init(path: String) throws(ImageCodecError) {
        self.path = path
        let destination = try Self.resolve(path)
        let folder = destination.lastIndex(of: "/").map { destination[...$0] } ?? ""
        var name: String
        var opened: Int32
        var code: Int32
        repeat {
            let number = Self.counter.add(1, ordering: .relaxed).newValue
            name = folder + ".liif-\(getpid())-\(number).partial"
            // Created and noted in one step, for `discardAll` may come at any moment.
            (opened, code) = Self.pending.withLock { [name] names in
                let opened = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
                let code = errno
                if opened >= 0 { names.insert(name) }
                return (opened, code)
            }
            // A killed process of the same number, usual in containers, may have left its file.
        } while opened < 0 && code == EEXIST
        guard opened >= 0 else { throw .unwritable(path: path, reason: systemMessage(code)) }
        (self.destination, temporary, descriptor) = (destination, name, opened)
    }

    /// Gives the complete file its name.
    func commit() throws(ImageCodecError) {
        guard rename(temporary, destination) == 0 else {
            let reason = systemMessage(errno)
            discard()
            throw .unwritable(path: path, reason: reason)
        }
        Self.pending.withLock { _ = $0.remove(temporary) }
    }

    /// Removes the temporary file, if it still is one.
    func discard() {
        guard Self.pending.withLock({ $0.remove(temporary) }) != nil else { return }
        unlink(temporary)
    }

    /// Discards every file that this process has begun and not completed.
    /// - Parameter next: Runs before any other file can be begun.
    static func discardAll(andThen next: () -> Void) {
        pending.withLock { names in
            for name in names { unlink(name) }
            names.removeAll()
            next()
        }
    }

    deinit { discard() }

    /// Follows symbolic links, and refuses to replace anything but a regular file.
    static func resolve(_ path: String) throws(ImageCodecError) -> String {
        guard !path.isEmpty, path.last != "/" else {
            throw .unwritable(path: path, reason: "the name of a file is missing")
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return path }
            throw .unwritable(path: path, reason: systemMessage(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unwritable(path: path, reason: "it is a directory or a device")
        }
        guard access(path, W_OK) == 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
