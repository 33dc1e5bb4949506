import Dispatch
import Foundation
import ImageCodecs
import Synchronization
import TensorFiles

/// What Ctrl-C or a `kill` ends without leaving half-written files behind.
enum Interruption {
    /// A command that ends in its own way when it is interrupted.
    protocol HandledByCommand {}

    private static let folders = Mutex<Set<String>>([])

    /// From now on SIGINT, SIGTERM and SIGHUP remove the outputs that are not finished and end the program with the
    /// status that shells expect, 128 and the signal's number. A SIGHUP that `nohup` has switched off stays so.
    static func removesUnfinishedOutputs() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // The default action would come first.
            let before = signal(number, SIG_IGN)
            if number == SIGHUP, isIgnored(before) { continue }
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                for folder in folders.withLock(\.self) { try? FileManager.default.removeItem(atPath: folder) }
                ImageFile.removeUnfinishedOutputs {
                    AtomicFile.removeUnfinished {
                        // The progress line ends here.
                        if isatty(STDERR_FILENO) != 0 { FileHandle.standardError.write(Data("\n".utf8)) }
                        _exit(128 + number)
                    }
                }
            }
            source.resume()
            // It is needed as long as the program runs.
            _ = Unmanaged.passRetained(source as AnyObject)
        }
    }

    /// Makes a folder for passing use, which goes with the program when that is interrupted.
    static func makeTemporaryFolder(_ path: String) throws {
        folders.withLock { _ = $0.insert(path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private static func isIgnored(_ action: (@convention(c) (CInt) -> Void)?) -> Bool {
        unsafeBitCast(action, to: Int.self)
            == unsafeBitCast(
                SIG_IGN as (@convention(c) (CInt) -> Void)?, to: Int.self)
    }
}
