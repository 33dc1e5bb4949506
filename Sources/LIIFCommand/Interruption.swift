import ArgumentParser
import Dispatch
import Files
import Foundation
import Synchronization

/// What Ctrl-C or a `kill` ends without leaving half-written files behind.
enum Interruption {
    /// A command that ends in its own way when it is interrupted.
    protocol HandledByCommand {}

    private static let folders = Mutex<Set<String>>([])
    /// What the first signal is to do instead of ending the program.
    private static let firstResponse = Mutex<(@Sendable () -> Void)?>(nil)
    /// The signal that `firstResponse` was given.
    private static let received = Mutex<Int32?>(nil)

    /// Keeps signals away from the threads that compute; a source of events receives them all the same. Without it one
    /// interrupted run in five on an AVX2 processor ended with a damaged heap (22 of 110; 0 of 110 with it). Why is not known
    /// for certain; a handler that runs on the stack of one of oneDNN's products is the likely cause. For the main thread,
    /// before there is any other.
    static func keepsSignalsFromComputation() { block([SIGINT, SIGTERM]) }

    private static func block(_ numbers: [Int32]) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// From now on SIGINT, SIGTERM and SIGHUP remove the outputs that are not finished and end the program with the
    /// status that shells expect, 128 and the signal's number. A SIGHUP that `nohup` has switched off stays so.
    static func removesUnfinishedOutputs() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // The default action would come first.
            let before = signal(number, SIG_IGN)
            if number == SIGHUP, isIgnored(before) { continue }
            block([number])
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                let respond = firstResponse.withLock { response in
                    if response != nil { received.withLock { $0 = number } }
                    return response.take()
                }
                if let respond { return respond() }
                AtomicFile.removeUnfinished {
                    // Nothing is created or renamed in them now.
                    for folder in folders.withLock(\.self) {
                        try? FileManager.default.removeItem(atPath: folder)
                    }
                    // The progress line ends here.
                    if isatty(STDERR_FILENO) != 0 { say("\n") }
                    _exit(128 + number)
                }
            }
            source.resume()
            // It is needed as long as the program runs.
            _ = Unmanaged.passRetained(source as AnyObject)
        }
    }

    /// Runs what can stop by itself: the first signal calls `stop` and the program ends when `body` has returned, with the
    /// signal's status; a second one ends it at once.
    static func stopping(_ stop: @escaping @Sendable () -> Void, _ body: () throws -> Void) throws {
        firstResponse.withLock { $0 = stop }
        defer { firstResponse.withLock { $0 = nil } }
        try body()
        // What comes from here on ends the program at once; what came before is not lost where more is to be done.
        firstResponse.withLock { $0 = nil }
        if let number = received.withLock(\.self) { throw ExitCode(128 + number) }
    }

    /// Runs `body` with a folder of its own, which is removed behind it, and when the program is interrupted.
    static func withTemporaryFolder<Result>(named name: String, _ body: (String) throws -> Result) throws
        -> Result
    {
        // Not by the process's number, which another container may have too.
        let path = NSTemporaryDirectory() + "\(name)-\(UUID().uuidString)"
        folders.withLock { _ = $0.insert(path) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        try makeFolder(path)
        return try body(path)
    }

    private static func isIgnored(_ action: (@convention(c) (CInt) -> Void)?) -> Bool {
        unsafeBitCast(action, to: Int.self)
            == unsafeBitCast(
                SIG_IGN as (@convention(c) (CInt) -> Void)?, to: Int.self)
    }
}
