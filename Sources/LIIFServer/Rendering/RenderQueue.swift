import Foundation
import Synchronization

/// Work for a few threads of its own: what is asked for twice is made once, what nobody waits for any more is given up,
/// and what does not fit the queue is refused. Of large work one piece runs at a time, and it fills half of the queue at most,
/// so that it does not hold up what is done in a moment.
package final class RenderQueue<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    package typealias Work = @Sendable (_ checkpoint: @escaping @Sendable () throws -> Void) throws -> Value

    /// One piece of work and those who wait for it.
    private final class Flight: Sendable {
        let key: Key
        let isLarge: Bool
        let work: Work
        let isAbandoned = Atomic<Bool>(false)

        init(key: Key, isLarge: Bool, work: @escaping Work) {
            (self.key, self.isLarge, self.work) = (key, isLarge, work)
        }
    }

    private struct State {
        var flights: [Key: (flight: Flight, waiters: [Int: CheckedContinuation<Value, any Error>])] = [:]
        var queue: [Flight] = []
        var nextWaiter = 0
        var running = 0
        var runsLargeWork = false
        var isOpen = true
        var endedThreads = 0
        var awaitingEnd: [CheckedContinuation<Void, Never>] = []
        /// Of finished work, moving means.
        var seconds = 0.5, largeSeconds = 10.0

        /// The next piece of work that may run.
        mutating func takeNext() -> Flight? {
            guard let index = queue.firstIndex(where: { !$0.isLarge || !runsLargeWork }) else { return nil }
            running += 1
            if queue[index].isLarge { runsLargeWork = true }
            return queue.remove(at: index)
        }

        /// - Parameter seconds: How long it took; nil for work that came to nothing.
        /// - Returns: Whether large work has waited for this.
        mutating func end(_ flight: Flight, after seconds: Double?) -> Bool {
            running -= 1
            guard flight.isLarge else {
                if let seconds { self.seconds += (seconds - self.seconds) * 0.1 }
                return false
            }
            if let seconds { largeSeconds += (seconds - largeSeconds) * 0.1 }
            runsLargeWork = false
            return queue.contains(where: \.isLarge)
        }
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let capacity: Int
    private let threads: Int

    /// - Parameters:
    ///   - capacity: Work that may wait.
    ///   - threads: The engine takes all cores for one image; a second thread compresses meanwhile, and a third is there
    ///     for what is large. With one thread alone, small work waits for large.
    package init(capacity: Int, threads: Int = 3) {
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
    ///   - isLarge: Whether it takes many times as long as most.
    ///   - connection: When its client goes away, the wait ends.
    /// - Throws: `Overloaded`, `CancellationError`, or what the work throws.
    package func value(
        for key: Key, isLarge: Bool = false, connection: ClientConnection?, _ work: @escaping Work
    ) async throws -> Value {
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
                    if let overload = overload(of: state, isLarge: isLarge) { return overload }
                    let flight = Flight(key: key, isLarge: isLarge, work: work)
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

    /// Why some work finds no room; nil if it does.
    private func overload(of state: borrowing State, isLarge: Bool) -> Overloaded? {
        let large = state.queue.count { $0.isLarge }
        let isFull = state.queue.count >= capacity || isLarge && large >= max(1, capacity / 2)
        guard isFull else { return nil }
        let seconds =
            isLarge
            ? state.largeSeconds * Double(large)
            : state.seconds * Double(state.queue.count - large) / Double(threads)
        return Overloaded(retryAfter: min(max(Int(seconds.rounded(.up)), 1), 60))
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
                let flight = state.takeNext()
                return (flight, flight != nil || state.isOpen)
            }
            guard isOpen else { return }
            // Work that was abandoned has left its signal behind; large work may have to wait.
            guard let flight else { continue }
            let start = ContinuousClock.now
            let result = Result {
                try flight.work {
                    if flight.isAbandoned.load(ordering: .relaxed) { throw CancellationError() }
                }
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let waiters = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
                let succeeded = if case .success = result { true } else { false }
                if state.end(flight, after: succeeded ? seconds : nil) { available.signal() }
                guard let entry = state.flights[flight.key], entry.flight === flight else { return [] }
                state.flights[flight.key] = nil
                return Array(entry.waiters.values)
            }
            for waiter in waiters { waiter.resume(with: result) }
        }
    }
}
