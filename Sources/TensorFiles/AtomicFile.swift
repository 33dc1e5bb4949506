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
/// Bytes go to a temporary name in the same folder and reach the disk before the rename, so a reader (or a
/// crash) meets the old file or the new one, never a part. On failure nothing is left behind.
package final class AtomicFile {
    private let path: String
    private let targetPath: String
    private let temporaryPath: String
    private let descriptor: CInt

    /// Temporary names of all files that are not complete.
    private static let pending = Mutex<Set<String>>([])

    /// Removes the temporary files of all writes of this process that are not complete. For a program that is about
    /// to exit before they could clean up, on an interrupt for instance; completing such a write afterwards throws.
    ///
    /// - Parameter next: Runs before any other write can begin: a program ends itself here.
    package static func removeUnfinished(andThen next: () -> Void = {}) {
        pending.withLock { names in
            for name in names { unlink(name) }
            names.removeAll()
            next()
        }
    }

    /// Writes a file with whatever `body` writes; an error thrown by `body` leaves an existing file as it was.
    ///
    /// A symbolic link stays one: what it points to is replaced. An existing file's permissions are kept.
    /// - Throws: `TensorFileError.unwritable`, or what `body` throws.
    package static func write(to path: String, _ body: (AtomicFile) throws -> Void) throws {
        let file = try AtomicFile(path: path)
        do {
            try body(file)
            try file.commit()
        } catch {
            pending.withLock {
                unlink(file.temporaryPath)
                $0.remove(file.temporaryPath)
            }
            throw error
        }
    }

    /// Writes a file that holds exactly these bytes.
    /// - Throws: `TensorFileError.unwritable`.
    package static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let bytes = Array(bytes)
        try write(to: path) { file in try bytes.withUnsafeBytes { try file.write($0) } }
    }

    /// Appends bytes.
    /// - Throws: `TensorFileError.unwritable`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            #else
                let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            #endif
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw TensorFileError.unwritable(file: path, reason: systemErrorMessage())
            }
        }
    }

    private init(path: String) throws {
        let target = try Self.replaceableTarget(path)
        let slash = target.path.lastIndex(of: "/")
        let folder = slash.map { String(target.path[...$0]) } ?? ""
        var generator = SystemRandomNumberGenerator()
        self.path = path
        temporaryPath = folder + ".tmp-" + String(generator.next(), radix: 36)
        targetPath = target.path
        // Created and noted in one step, for `removeUnfinished` may come at any moment.
        let (opened, code, reason) = Self.pending.withLock { [temporaryPath] names in
            let opened = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            let failure = (code: errno, reason: systemErrorMessage())
            if opened >= 0 { names.insert(temporaryPath) }
            return (opened, failure.code, failure.reason)
        }
        descriptor = opened
        guard descriptor >= 0 else {
            throw TensorFileError.unwritable(
                file: path, reason: code == ENOENT || code == ENOTDIR ? "its folder does not exist" : reason)
        }
        if let permissions = target.permissions { fchmod(descriptor, permissions) }
    }

    deinit { close(descriptor) }

    private func commit() throws {
        guard fsync(descriptor) == 0, rename(temporaryPath, targetPath) == 0 else {
            throw TensorFileError.unwritable(file: path, reason: systemErrorMessage())
        }
        Self.pending.withLock { _ = $0.remove(temporaryPath) }
    }

    /// Follows symbolic links, and refuses what a rename must not replace.
    private static func replaceableTarget(_ path: String) throws -> (path: String, permissions: mode_t?) {
        guard let last = path.last, last != "/" else {
            throw TensorFileError.unwritable(
                file: path, reason: path.isEmpty ? "its name is empty" : "it is the name of a folder")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { return (path, nil) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw TensorFileError.unwritable(
                file: path, reason: isFolder ? "it is a folder" : "it is not a regular file")
        }
        guard access(path, W_OK) == 0 else {
            throw TensorFileError.unwritable(file: path, reason: systemErrorMessage())
        }
        guard let resolved = realpath(path, nil) else { return (path, nil) }
        defer { free(resolved) }
        return (String(cString: resolved), status.st_mode & 0o7777)
    }
}
