#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which file a name leads to, whatever the name.
package struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64

    /// The file that a name leads to, symbolic links followed; nil if there is none.
    package init?(_ path: String) {
        guard let state = FileState(path) else { return nil }
        self = state.identity
    }

    fileprivate init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    /// Whether two names lead to one file, which is there.
    package static func isSame(_ a: String, _ b: String) -> Bool {
        guard let identity = FileIdentity(a) else { return false }
        return identity == FileIdentity(b)
    }
}

/// What a file was like at one moment: which it was, its size, and when it was last written.
package struct FileState: Equatable {
    package let identity: FileIdentity
    /// In bytes.
    package let size: Int64
    /// When it was last written: seconds since 1970, and the nanoseconds beyond them.
    package let seconds, nanoseconds: Int

    /// Of the file that a name leads to, symbolic links followed; nil if there is none.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        identity = FileIdentity(status)
        size = Int64(status.st_size)
        (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
    }

    /// Its size and time: tells a file from what it was, wherever it lies.
    package var fingerprint: String { "\(size)-\(seconds).\(nanoseconds)" }
}
