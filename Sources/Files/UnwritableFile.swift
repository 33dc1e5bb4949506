#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file cannot be written; nothing was left behind and an existing file is as it was.
public struct UnwritableFile: Error, Equatable, CustomStringConvertible {
    /// The name that the caller gave.
    public let path: String
    /// Why, for the end of a sentence.
    public let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// - Parameter code: The `errno` of what failed.
    package init(path: String, code: CInt) {
        self.init(
            path: path,
            reason: code == ENOENT || code == ENOTDIR ? "its folder does not exist" : systemReason(code))
    }

    /// A full sentence for the person who named the file.
    public var description: String { "\(path): cannot be written: \(reason)." }
}
