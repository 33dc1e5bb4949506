import Dispatch
import Synchronization

/// Does one thing after another beside the caller, at most two behind it; compressing a strip takes one core
/// while all cores render the next.
final class BackgroundWriter: Sendable {
    private let queue = DispatchQueue(label: "writer")
    private let slots = DispatchSemaphore(value: 2)
    private let failure = Mutex<(any Error)?>(nil)

    /// Queues some work; waits where two pieces are pending.
    /// - Throws: What earlier work threw; after that nothing is done any more.
    func submit(_ work: @escaping @Sendable () throws -> Void) throws {
        slots.wait()
        if let error = failure.withLock({ $0 }) {
            slots.signal()
            throw error
        }
        queue.async { [self] in
            defer { slots.signal() }
            guard failure.withLock({ $0 == nil }) else { return }
            do { try work() } catch { failure.withLock { $0 = error } }
        }
    }

    /// Waits for all work.
    /// - Throws: What the work threw.
    func finish() throws {
        queue.sync {}
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
