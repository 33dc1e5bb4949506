#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes a folder, and those before it that are missing.
/// - Throws: `UnwritableFile`, naming the first of them that cannot be made.
package func makeFolder(_ path: String) throws(UnwritableFile) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
        made += (made.isEmpty || made == "/" ? "" : "/") + part
        guard !PathName.isFolder(made), mkdir(made, 0o777) != 0 else { continue }
        let code = errno
        // Another process may have made it meanwhile.
        guard code == EEXIST, PathName.isFolder(made) else {
            throw UnwritableFile(path: made, reason: systemReason(code == EEXIST ? ENOTDIR : code))
        }
    }
}
