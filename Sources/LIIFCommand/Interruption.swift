import Dispatch
import Foundation
import ImageCodecs
import TensorFiles

/// What Ctrl-C or a `kill` ends without leaving half-written pictures or models behind.
enum Interruption {
    /// From now on SIGINT, SIGTERM and SIGHUP remove the outputs that are not finished and end the program with the
    /// status that shells expect, 128 and the signal's number.
    static func removesUnfinishedOutputs() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // The default action would come first.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
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
}
