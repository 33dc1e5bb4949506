#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a name that is written to refers to.
package struct Destination {
    /// Symbolic links followed.
    package let path: String
    /// The folder's name, up to its slash; empty for the current one.
    package var folder: String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }
    /// Those of the file that is there.
    let permissions: mode_t?

    /// Follows symbolic links, and refuses what a rename must not replace.
    package init(_ path: String) throws(UnwritableFile) {
        guard let last = path.last, last != "/" else {
            throw UnwritableFile(
                path: path, reason: path.isEmpty ? "its name is empty" : "it is the name of a folder")
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw UnwritableFile(path: path, code: errno) }
            (self.path, permissions) = (path, nil)
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw UnwritableFile(
                path: path, reason: isFolder ? "it is a folder" : "it is not a regular file")
        }
        guard access(path, W_OK) == 0 else { throw UnwritableFile(path: path, code: errno) }
        permissions = status.st_mode & 0o7777
        guard let resolved = realpath(path, nil) else {
            self.path = path
            return
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }
}
