import Files
import Hashing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// SHA-256 (FIPS 180-4) of files: what tells that a job goes on with the input and the model it was begun with.
public struct ContentHash {
    private var hash = SHA256()

    /// The hash of nothing yet.
    public init() {}

    /// The hash of a file's contents, 64 hexadecimal digits.
    ///
    /// - Throws: `ImageCodecError`, naming the file.
    public static func ofFile(at path: String) throws(ImageCodecError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .fileNotFound(path: path) }
            throw .unreadable(path: path, reason: systemReason(errno))
        }
        defer { close(descriptor) }
        var hash = ContentHash()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw .unreadable(path: path, reason: systemReason(errno)) }
            guard count > 0 else { return hash.digits }
            hash.add(buffer[..<count])
        }
    }

    /// Adds bytes to what is hashed.
    public mutating func add(_ bytes: some Collection<UInt8>) { hash.add(bytes) }

    /// The hash of all bytes so far, 64 hexadecimal digits.
    public var digits: String { hash.digits }
}
