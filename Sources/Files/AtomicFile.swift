import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that appears under its name only when it is complete.
///
/// Its bytes reach the disk before it gets its name, so a reader (or a crash) meets the old file or the new one, never a
/// part. Until then it has no name at all where the system and the file system have such files (Linux's `O_TMPFILE`), and
/// not even a killed process leaves anything behind; elsewhere it has a hidden one in the same folder. On failure nothing
/// is left.
package final class AtomicFile {
    /// The name that the caller gave.
    package let path: String
    private let descriptor: CInt
    private let destination: Destination
    private let temporaryPath: String
    private let isNameless: Bool

    /// Temporary names, taken or not yet, of all files that are not complete.
    private static let pending = Mutex<Set<String>>([])

    /// Begins a file, so that a folder that cannot be written to is noticed before any work.
    ///
    /// A symbolic link stays one: what it points to is replaced. An existing file's permissions are kept.
    /// - Parameters:
    ///   - path: The file's name.
    ///   - withoutName: Whether it may be without a name until it is complete.
    package init(path: String, withoutName: Bool = true) throws(UnwritableFile) {
        self.path = path
        let destination = try Destination(path)
        self.destination = destination
        var generator = SystemRandomNumberGenerator()
        temporaryPath = "\(destination.folder).liif-\(String(generator.next(), radix: 36)).partial"
        let nameless = withoutName ? openNameless(in: destination.folder) : nil
        isNameless = nameless != nil
        // Created and noted in one step, for `removeUnfinished` may come at any moment.
        let opened = Self.pending.withLock { [temporaryPath] names in
            let opened = nameless ?? open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            let code = errno
            if opened >= 0 { names.insert(temporaryPath) }
            return (descriptor: opened, code: code)
        }
        descriptor = opened.descriptor
        guard descriptor >= 0 else { throw UnwritableFile(path: path, code: opened.code) }
        destination.givePermissions(to: descriptor)
    }

    deinit {
        discard()
        close(descriptor)
    }

    /// Appends bytes.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(UnwritableFile) {
        var written = 0
        while written < bytes.count {
            let count = systemWrite(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw UnwritableFile(path: path, code: errno)
            }
        }
    }

    /// Another descriptor of the file, owned by the caller: for a library that closes what it has written to.
    package func duplicateDescriptor() throws(UnwritableFile) -> CInt {
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { throw UnwritableFile(path: path, code: errno) }
        return duplicate
    }

    /// Gives the complete file its name, or gives it up.
    package func commit() throws(UnwritableFile) {
        let code = fsync(descriptor) == 0 ? takeName() : errno
        guard code == 0 else {
            discard()
            throw UnwritableFile(path: path, code: code)
        }
    }

    /// - Returns: 0, or the `errno` of what failed.
    private func takeName() -> CInt {
        Self.pending.withLock { names in
            guard names.contains(temporaryPath) else { return ECANCELED }
            guard !isNameless || link(descriptor, to: temporaryPath) else { return errno }
            // A link cannot replace a file, a rename can.
            guard rename(temporaryPath, destination.path) == 0 else { return errno }
            names.remove(temporaryPath)
            return 0
        }
    }

    /// Gives the file up, unless it is complete.
    package func discard() {
        Self.pending.withLock { names in
            if names.remove(temporaryPath) != nil { unlink(temporaryPath) }
        }
    }

    /// Gives up all files of this process that are not complete. For a program that is about to exit before they could
    /// clean up, on an interrupt for instance; completing such a file afterwards throws.
    ///
    /// - Parameter next: Runs before any other file can be begun: a program ends itself here.
    package static func removeUnfinished(andThen next: () -> Void = {}) {
        pending.withLock { names in
            for name in names { unlink(name) }
            names.removeAll()
            next()
        }
    }
}

extension AtomicFile {
    /// Writes a file with whatever `body` writes; an error thrown by `body` leaves an existing file as it was.
    /// - Throws: `UnwritableFile`, or what `body` throws.
    package static func write(to path: String, _ body: (AtomicFile) throws -> Void) throws {
        let file = try AtomicFile(path: path)
        // Not left to the object's end, which `body` may put off.
        defer { file.discard() }
        try body(file)
        try file.commit()
    }

    /// Writes a file that holds exactly these bytes.
    /// - Throws: `UnwritableFile`.
    package static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let bytes = Array(bytes)
        try write(to: path) { file in try bytes.withUnsafeBytes { try file.write($0) } }
    }
}

/// Opens a file without a name; nil where there is no such thing, or where it could not be given one later.
private func openNameless(in folder: String) -> CInt? {
    #if os(Linux)
        let descriptor = open(folder.isEmpty ? "." : folder, temporaryFileFlag | O_WRONLY | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return nil }
        guard access(nameInProcess(descriptor), F_OK) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    #else
        return nil
    #endif
}

/// Gives a file without a name one.
private func link(_ descriptor: CInt, to path: String) -> Bool {
    linkat(AT_FDCWD, nameInProcess(descriptor), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
}

private func nameInProcess(_ descriptor: CInt) -> String { "/proc/self/fd/\(descriptor)" }

#if os(Linux)
    /// `O_TMPFILE`, which Swift's Glibc does not show.
    private let temporaryFileFlag = 0o20_000_000 | O_DIRECTORY
#endif

/// `write`, which `AtomicFile`'s own hides.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
