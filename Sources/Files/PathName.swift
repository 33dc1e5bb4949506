#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a path says of a file, and whether it leads to a folder.
package enum PathName {
    /// Whether a folder is there, symbolic links followed.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// The last component: `a/b.png` and `a/b.png/` as `b.png`. A path of nothing but slashes stays as it is.
    package static func fileName(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The last component without its extension: `a/b.c.png` as `b.c`. What begins with its only dot has none.
    package static func stem(of path: String) -> String { parts(of: path).stem }

    /// What follows the last component's last dot: of `a/b.c.PNG`, `PNG`. Nil for what has no dot, or begins with its only one.
    package static func pathExtension(of path: String) -> String? { parts(of: path).pathExtension }

    private static func parts(of path: String) -> (stem: String, pathExtension: String?) {
        let name = fileName(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, nil) }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }
}
