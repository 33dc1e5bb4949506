import CImageCodecs
import Files

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A partial file and its journal, opened and locked.
final class PartialFile {
    /// The name that the caller gave, for errors.
    let path: String
    let destination: String
    let names: (partial: String, journal: String)
    let descriptor: Int32
    private let journal: Int32
    /// Bytes of the journal that count.
    private var journalEnd = 0

    static func names(for path: String) throws(ImageCodecError) -> (partial: String, journal: String) {
        names(for: try destination(of: path))
    }

    private static func names(for destination: Destination) -> (partial: String, journal: String) {
        let folder = destination.folder
        let hidden = folder + "." + destination.path.dropFirst(folder.count)
        return (hidden + ".liif-partial", hidden + ".liif-journal")
    }

    private static func destination(of path: String) throws(ImageCodecError) -> Destination {
        do throws(UnwritableFile) { return try Destination(path) } catch { throw ImageCodecError(error) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    static func remove(_ path: String) { unlink(path) }

    /// Opens or creates both files.
    init(path: String) throws(ImageCodecError) {
        self.path = path
        let destination = try Self.destination(of: path)
        self.destination = destination.path
        let names = Self.names(for: destination)
        let busy = "another process is writing \(names.partial)"
        // First the journal, which a run that completes its file removes last: behind its lock the partial file is no other
        // run's output.
        let journal = try Self.locked(names.journal, for: path, otherwise: busy)
        do throws(ImageCodecError) {
            descriptor = try Self.locked(names.partial, for: path, otherwise: busy)
        } catch {
            close(journal)
            throw error
        }
        destination.givePermissions(to: descriptor)
        self.names = names
        self.journal = journal
    }

    /// Opens or creates a file and locks it.
    private static func locked(
        _ name: String, for path: String, otherwise busy: String
    ) throws(ImageCodecError) -> Int32 {
        for _ in 0..<100 {
            // Not through a link: the name can be guessed, and a folder may be shared.
            let descriptor = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw ImageCodecError(UnwritableFile(path: path, code: errno)) }
            let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
            // A run that ends between opening and locking takes the name away.
            if isLocked, isNamed(name, descriptor) { return descriptor }
            close(descriptor)
            if !isLocked { break }
        }
        throw .unwritable(path: path, reason: busy)
    }

    /// Whether the name is the open file's.
    private static func isNamed(_ name: String, _ descriptor: Int32) -> Bool {
        var (named, opened) = (stat(), stat())
        return stat(name, &named) == 0 && fstat(descriptor, &opened) == 0
            && named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
    }

    deinit {
        // Said, not left to closing: a process that is just being started may hold copies of the descriptors.
        flock(descriptor, LOCK_UN)
        flock(journal, LOCK_UN)
        close(descriptor)
        close(journal)
    }

    /// The journal of the last run; nil if there is none that counts. Without its file, which a user may remove to start
    /// again, it tells of nothing.
    func readJournal() throws(ImageCodecError) -> ResumableJournal? {
        let size = lseek(journal, 0, SEEK_END)
        guard size > 0, lseek(descriptor, 0, SEEK_END) > 0 else { return nil }
        return ResumableJournal(String(decoding: try bytes(of: journal, in: 0..<UInt64(size)), as: UTF8.self))
    }

    /// Of the rows that the journal tells of those that are in the file as it says, up to the first that is not.
    func wholeRows(of journal: ResumableJournal, tilesAcross: Int) -> [ResumableJournal.Row] {
        var position = journal.start
        return Array(
            journal.rows.prefix { row in
                defer { position = row.end }
                return row.sizes.count == tilesAcross
                    && (try? checksum(of: position..<row.end)) == row.checksum
            })
    }

    /// CRC-32 of a part of the file.
    func checksum(of range: Range<UInt64>) throws(ImageCodecError) -> UInt32 {
        var (sum, position) = (UInt32(0), range.lowerBound)
        while position < range.upperBound {
            let end = min(position + 1 << 20, range.upperBound)
            let part = try bytes(of: descriptor, in: position..<end)
            sum = part.withUnsafeBytes { codec_crc32(sum, $0.baseAddress, $0.count) }
            position = end
        }
        return sum
    }

    /// Cuts off what comes behind a position.
    func cut(at end: UInt64) throws(ImageCodecError) { try check(ftruncate(descriptor, off_t(end))) }

    /// Makes the journal hold a text and nothing else. What it begins with already is not written again: until that were on
    /// the disk once more, a crash or a full disk would lose all that the journal tells of.
    func write(_ text: String) throws(ImageCodecError) {
        let bytes = Array(text.utf8)
        let size = Int(lseek(journal, 0, SEEK_END))
        if size >= bytes.count, (try? self.bytes(of: journal, in: 0..<UInt64(bytes.count))) == bytes {
            if size > bytes.count { try check(ftruncate(journal, off_t(bytes.count))) }
            journalEnd = bytes.count
            return
        }
        try check(ftruncate(journal, 0))
        journalEnd = 0
        try append(text)
    }

    /// Adds to the journal, on the disk when this returns, after everything in the file.
    func append(_ text: String) throws(ImageCodecError) {
        try check(fsync(descriptor))
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(journal, $0.baseAddress! + written, bytes.count - written, off_t(journalEnd + written))
            }
            if count < 0 && errno == EINTR { continue }
            try check(count < 0 ? -1 : 0)
            written += count
        }
        journalEnd += written
        try check(fsync(journal))
    }

    /// Gives the complete file its name and removes the journal.
    func commit() throws(ImageCodecError) {
        try check(fsync(descriptor))
        try check(rename(names.partial, destination))
        Self.remove(names.journal)
    }

    private func bytes(of descriptor: Int32, in range: Range<UInt64>) throws(ImageCodecError) -> [UInt8] {
        let total = Int(range.upperBound - range.lowerBound)
        var bytes = [UInt8](repeating: 0, count: total)
        var done = 0
        while done < total {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + done, total - done, off_t(range.lowerBound) + off_t(done))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw .unreadable(
                    path: names.partial, reason: count < 0 ? systemReason(errno) : "it ends early")
            }
            done += count
        }
        return bytes
    }

    private func check(_ result: Int32) throws(ImageCodecError) {
        guard result == 0 else { throw .unwritable(path: path, reason: systemReason(errno)) }
    }
}
