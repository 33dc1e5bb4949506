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
    private let permissions: mode_t?

    /// Follows symbolic links, and refuses what a rename must not replace.
    package init(_ path: String) throws(UnwritableFile) {
        guard let last = path.last, last != "/" else {
            throw UnwritableFile(
                path: path, reason: path.isEmpty ? "its name is empty" : "it is the name of a folder")
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw UnwritableFile(path: path, code: errno) }
            self.path = try Self.end(ofLinksFrom: path)
            permissions = nil
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw UnwritableFile(
                path: path, reason: isFolder ? "it is a folder" : "it is not a regular file")
        }
        try checkWritable(path)
        permissions = status.st_mode & 0o7777
        guard let resolved = realpath(path, nil) else {
            self.path = path
            return
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }

    /// Gives a file that is to replace the one that is there its permissions.
    package func givePermissions(to descriptor: CInt) {
        if let permissions { fchmod(descriptor, permissions) }
    }

    /// The name of the file that is missing at the end of symbolic links.
    private static func end(ofLinksFrom path: String) throws(UnwritableFile) -> String {
        var end = path
        // As many links as Linux follows.
        for _ in 0...40 {
            guard let target = linkTarget(of: end) else { return end }
            guard target.last != "/" else {
                throw UnwritableFile(path: path, reason: "it is the name of a folder")
            }
            let folder = end.lastIndex(of: "/").map { String(end[...$0]) } ?? ""
            end = target.first == "/" ? target : folder + target
        }
        throw UnwritableFile(path: path, code: ELOOP)
    }

    /// What a symbolic link holds; nil for whatever is none.
    private static func linkTarget(of path: String) -> String? {
        // Linux's longest.
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes {
            readlink(path, $0.bindMemory(to: CChar.self).baseAddress!, $0.count)
        }
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }
}
