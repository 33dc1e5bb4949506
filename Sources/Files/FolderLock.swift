#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder that one holder at a time has to itself, as long as the object lives. The system itself releases the lock of a
/// process that ends in whatever way, and nothing is written into the folder.
///
/// It keeps out every other `FolderLock`, one of the same process too, and nothing else. Where a folder cannot be locked, on
/// NFS for instance, or is not there, nobody is kept out.
package final class FolderLock: Sendable {
    /// Of the folder; −1 where it cannot be opened.
    private let descriptor: CInt

    /// Whether the folder was there, and could be opened.
    package var isThere: Bool { descriptor >= 0 }

    /// Locks a folder, symbolic links followed; nil where another has it.
    package init?(_ folder: String) {
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // What else may be wrong says that there are no locks.
        if isThere, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return nil }
    }

    deinit {
        guard isThere else { return }
        // Said, not left to closing: a process that is just being started may hold a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
