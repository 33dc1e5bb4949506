#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What tells a file from what it was: its size, and when it was last written. Links are followed.
struct FileFingerprint: Equatable, CustomStringConvertible {
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// - Returns: nil for a file that is not there.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        size = Int(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
    }

    var description: String { "\(size)-\(seconds).\(nanoseconds)" }
}
