import ArgumentParser
import Files
import Foundation

/// A file without a name: it is gone when it is closed, however the program ends. On macOS it keeps its name until then, for what is
/// opened by `/dev/fd` there shares one position.
final class NamelessFile {
    let descriptor: Int32

    /// By which it can be opened once more, from its start.
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/liif-XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        #if canImport(Darwin)
            path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        #else
            unlink(template)
            path = "/dev/fd/\(descriptor)"
        #endif
    }

    deinit {
        close(descriptor)
        #if canImport(Darwin)
            unlink(path)
        #endif
    }
}

/// Pictures through pipes.
enum StandardStreams {
    /// All of the standard input, in a file, for pictures are read back and forth.
    static func readInput() throws -> NamelessFile {
        let file: NamelessFile
        do { file = try NamelessFile() } catch {
            throw UpscaleError.unreadableStandardInput(
                reason: "no temporary file can be made: \(systemReason(error))")
        }
        do { try copy(from: STDIN_FILENO, to: file.descriptor) } catch {
            throw UpscaleError.unreadableStandardInput(reason: systemReason(error))
        }
        lseek(file.descriptor, 0, SEEK_SET)
        return file
    }

    /// - Throws: `ValidationError` where a file would be written onto a terminal.
    static func checkOutput() throws {
        guard isatty(STDOUT_FILENO) == 0 else {
            throw ValidationError("The standard output is a terminal; send it into a file or a pipe.")
        }
    }

    /// A name for a file that is on its way to the standard output; another one each time, for containers that share a folder for
    /// temporary files may have the same process numbers.
    static func temporaryOutput(_ pathExtension: String) -> String {
        NSTemporaryDirectory() + "/liif-\(UUID().uuidString)-output." + pathExtension
    }

    /// Moves a complete file to the standard output.
    static func writeOutput(_ path: String) throws {
        let input = open(path, O_RDONLY)
        unlink(path)
        defer { close(input) }
        do { try copy(from: input, to: STDOUT_FILENO) } catch {
            throw UpscaleError.unwritableStandardOutput(reason: systemReason(error))
        }
    }

    private static func copy(from input: Int32, to output: Int32) throws {
        func check(_ count: Int) throws -> Int {
            guard count < 0 else { return count }
            if errno == EINTR { return 0 }
            throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            errno = 0
            let count = try check(read(input, &buffer, buffer.count))
            if count == 0 {
                if errno == EINTR { continue }
                return
            }
            var written = 0
            while written < count {
                written += try buffer.withUnsafeBytes {
                    try check(write(output, $0.baseAddress! + written, count - written))
                }
            }
        }
    }
}
