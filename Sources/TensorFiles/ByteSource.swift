import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes that can be read at any position: an open file, or memory.
protocol ByteSource {
    /// What error messages call it.
    var name: String { get }
    /// Number of bytes.
    var count: Int { get }
    /// Fills `buffer` with the bytes from `offset`.
    /// - Precondition: the range lies inside.
    /// - Throws: `TensorFileError.unreadable`.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

extension ByteSource {
    /// A copy of some bytes.
    func bytes(_ range: Range<Int>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initializedCount in
            try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
            initializedCount = range.count
        }
    }
}

/// Memory that somebody else owns, such as a model embedded in the binary.
struct MemoryBytes: ByteSource {
    let name: String
    let memory: UnsafeRawBufferPointer

    var count: Int { memory.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + buffer.count]))
    }
}

/// A regular file, open for reading as long as this object lives.
final class FileBytes: ByteSource {
    let name: String
    let count: Int
    private let descriptor: CInt

    /// - Throws: `TensorFileError.unreadable` when the file is missing, no regular file, or not permitted.
    init(path: String) throws {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        name = path
        guard descriptor >= 0 else {
            throw TensorFileError.unreadable(file: path, reason: systemReason(errno))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = systemReason(errno)
            close(descriptor)
            throw TensorFileError.unreadable(file: path, reason: reason)
        }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else {
            close(descriptor)
            throw TensorFileError.unreadable(
                file: path, reason: kind == S_IFDIR ? "it is a folder" : "it is not a regular file")
        }
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        var filled = 0
        while filled < buffer.count {
            let got = pread(
                descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
            if got > 0 {
                filled += got
            } else if got == 0 {
                throw TensorFileError.unreadable(file: name, reason: "it became shorter while it was read")
            } else if errno != EINTR {
                throw TensorFileError.unreadable(file: name, reason: systemReason(errno))
            }
        }
    }
}

/// A whole file in memory.
/// - Throws: `TensorFileError.unreadable`.
package func readWholeFile(_ path: String) throws -> [UInt8] {
    let file = try FileBytes(path: path)
    return try file.bytes(0..<file.count)
}
