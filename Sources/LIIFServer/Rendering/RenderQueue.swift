import Foundation
import Synchronization

/// Work for a few threads of its own: what is asked for twice is made once, what nobody waits for any more is given up,
/// and what does not fit the queue is refused.
package final class RenderQueue<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// The queue is full.
    package struct Overloaded: Error {
        /// Seconds until it may have room.
        package let retryAfter: Int
    }

    package typealias Work = @Sendable (_ checkpoint: @escaping @Sendable () throws -> Void) throws -> Value

    /// One piece of work and those who wait for it.
    private final class Flight: Sendable {
        let key: Key
        let work: Work
        let isAbandoned = Atomic<Bool>(false)

        init(key: Key, work: @escaping Work) { (self.key, self.work) = (key, work) }
    }

    private struct State {
        var flights: [Key: (flight: Flight, waiters: [Int: CheckedContinuation<Value, any Error>])] = [:]
        var queue: [Flight] = []
        var nextWaiter = 0
        var running = 0
        var isOpen = true
        var endedThreads = 0
        var awaitingEnd: [CheckedContinuation<Void, Never>] = []
        /// Of finished work, a moving mean.
        var seconds = 0.5
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let capacity: Int
    private let threads: Int

    /// - Parameters:
    ///   - capacity: Work that may wait.
    ///   - threads: The engine takes all cores for one image; the second thread compresses meanwhile.
    package init(capacity: Int, threads: Int = 2) {
        self.capacity = capacity
        self.threads = threads
        for number in 0..<threads {
            let thread = Thread { [self] in serve() }
            thread.name = "render-\(number)"
            thread.start()
        }
    }

    /// Work that waits, and that runs.
    package var counts: (waiting: Int, running: Int) { state.withLock { ($0.queue.count, $0.running) } }

    /// The result of some work.
    /// - Parameters:
    ///   - key: Equal keys mean equal work.
    ///   - connection: When its client goes away, the wait ends.
    /// - Throws: `Overloaded`, `CancellationError`, or what the work throws.
    package func value(for key: Key, connection: ClientConnection?, _ work: @escaping Work) async throws
        -> Value
    {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let registration = connection?.onClose { self.leave(key, waiter) }
        defer { if let registration { connection?.forget(registration) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let refusal = state.withLock { state -> (any Error)? in
                    if Task.isCancelled || connection?.isClosed == true || !state.isOpen {
                        return CancellationError()
                    }
                    if state.flights[key] != nil {
                        state.flights[key]!.waiters[waiter] = continuation
                        return nil
                    }
                    guard state.queue.count < capacity else {
                        let seconds = state.seconds * Double(state.queue.count) / Double(threads)
                        return Overloaded(retryAfter: min(max(Int(seconds.rounded(.up)), 1), 60))
                    }
                    let flight = Flight(key: key, work: work)
                    state.flights[key] = (flight, [waiter: continuation])
                    state.queue.append(flight)
                    available.signal()
                    return nil
                }
                if let refusal { continuation.resume(throwing: refusal) }
            }
        } onCancel: {
            leave(key, waiter)
        }
    }

    /// Ends a wait; the last one to leave abandons the work.
    private func leave(_ key: Key, _ waiter: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            guard let continuation = state.flights[key]?.waiters.removeValue(forKey: waiter) else {
                return nil
            }
            if let entry = state.flights[key], entry.waiters.isEmpty {
                entry.flight.isAbandoned.store(true, ordering: .relaxed)
                state.flights[key] = nil
                state.queue.removeAll { $0 === entry.flight }
            }
            return continuation
        }
        continuation?.resume(throwing: CancellationError())
    }

    /// Takes no more work, and ends the threads when what they do is done.
    package func close() {
        let waiting = state.withLock { state in
            state.isOpen = false
            let all = state.flights.values.flatMap { $0.waiters.values }
            for entry in state.flights.values { entry.flight.isAbandoned.store(true, ordering: .relaxed) }
            state.flights = [:]
            state.queue = []
            return all
        }
        for continuation in waiting { continuation.resume(throwing: CancellationError()) }
        for _ in 0..<threads { available.signal() }
    }

    /// Returns when the threads of a closed queue have ended: until then they use what the program's exit would take from
    /// under them.
    package func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.endedThreads < threads { state.awaitingEnd.append(continuation) }
                return state.endedThreads == threads
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// A thread's life.
    private func serve() {
        defer {
            let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.endedThreads += 1
                return state.endedThreads == threads ? state.awaitingEnd : []
            }
            for continuation in waiting { continuation.resume() }
        }
        while true {
            available.wait()
            let (flight, isOpen) = state.withLock { state -> (Flight?, Bool) in
                guard !state.queue.isEmpty else { return (nil, state.isOpen) }
                state.running += 1
                return (state.queue.removeFirst(), true)
            }
            guard isOpen else { return }
            // Work that was abandoned has left its signal behind.
            guard let flight else { continue }
            let start = ContinuousClock.now
            let result = Result {
                try flight.work {
                    if flight.isAbandoned.load(ordering: .relaxed) { throw CancellationError() }
                }
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let waiters = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
                state.running -= 1
                if case .success = result { state.seconds += (seconds - state.seconds) * 0.1 }
                guard let entry = state.flights[flight.key], entry.flight === flight else { return [] }
                state.flights[flight.key] = nil
                return Array(entry.waiters.values)
            }
            for waiter in waiters { waiter.resume(with: result) }
        }
    }
}
