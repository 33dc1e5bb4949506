import CImageCodecs
import Files

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A regular file opened for reading, with its first bytes.
struct InputFile {
    let path: String
    /// Owned by whoever takes it; positioned at the start.
    let descriptor: Int32
    let format: ImageFormat

    /// Opens the file and recognises its format.
    init(path: String) throws(ImageCodecError) {
        self.path = path
        // Non-blocking, so that a pipe without a writer is refused instead of waited for.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .fileNotFound(path: path) }
            throw .unreadable(path: path, reason: systemReason(errno))
        }
        // Darwin opens /dev/fd/3 and /dev/stdin where their last reader left them.
        lseek(descriptor, 0, SEEK_SET)
        do throws(ImageCodecError) {
            format = try Self.recognise(descriptor, path: path)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func recognise(_ descriptor: Int32, path: String) throws(ImageCodecError) -> ImageFormat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: systemReason(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
        var magic = [UInt8](repeating: 0, count: 12)
        let count = pread(descriptor, &magic, magic.count, 0)
        guard count >= 0 else { throw .unreadable(path: path, reason: systemReason(errno)) }
        guard count > 0 else { throw .notAnImage(path: path, found: "an empty file") }
        magic.removeSubrange(count...)
        guard let format = ImageFormat(magic: magic) else {
            let name = ImageFormat.nameOfUnreadFormat(magic: magic)
            throw .notAnImage(path: path, found: name.map { "\($0) file" })
        }
        return format
    }
}
