import Synchronization

/// Whether a client is still there, for work that is done for it, and what it has taken.
package final class ClientConnection: Sendable {
    private struct State {
        var isClosed = false
        var next = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
        /// Bytes of bodies that are written, and that the system has taken for the client.
        var written = 0
        var sent = 0
        var awaited: (sent: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    package init() {}

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Calls a function when the client goes away, at once if it is gone.
    /// - Returns: What `forget` takes.
    func onClose(_ handler: @escaping @Sendable () -> Void) -> Int {
        let (number, isClosed) = state.withLock { state -> (Int, Bool) in
            state.next += 1
            if !state.isClosed { state.handlers[state.next] = handler }
            return (state.next, state.isClosed)
        }
        if isClosed { handler() }
        return number
    }

    func forget(_ number: Int) { state.withLock { _ = $0.handlers.removeValue(forKey: number) } }

    package func close() {
        let (handlers, awaited) = state.withLock { state in
            state.isClosed = true
            defer { (state.handlers, state.awaited) = ([:], nil) }
            return (Array(state.handlers.values), state.awaited)
        }
        awaited?.continuation.resume()
        for handler in handlers { handler() }
    }

    /// Bytes of bodies that have been written so far, taken by the system or not.
    var written: Int { state.withLock { $0.written } }

    /// Notes that more is written.
    func add(written bytes: Int) { state.withLock { $0.written += bytes } }

    /// Notes that the system has taken more.
    func add(sent bytes: Int) {
        let reached = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.sent += bytes
            guard let awaited = state.awaited, awaited.sent <= state.sent else { return nil }
            state.awaited = nil
            return awaited.continuation
        }
        reached?.resume()
    }

    /// Waits until so much is sent. For the one answer that is being written.
    /// - Throws: `CancellationError` where the client is gone.
    func waitUntil(sent bytes: Int) async throws {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.isClosed || state.sent >= bytes { return true }
                state.awaited = (bytes, continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
        if isClosed { throw CancellationError() }
    }
}
