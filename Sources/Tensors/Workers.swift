import CTensorKernels
import Dispatch
import Foundation
import Synchronization

/// One worker per core; work is handed out item by item, so that a busy core takes fewer items. While they work, numbers too
/// small for their format's full precision (denormals) are zero.
public enum Workers {
    /// Workers that run at once.
    public static let count = ProcessInfo.processInfo.activeProcessorCount

    /// Runs `body(worker, item)` for every item of 0..<count: each item once, a worker's items one after
    /// another, in no fixed order. Returns when all are done; after an error no new item begins.
    package static func run(
        _ count: Int, workers: Int = Workers.count,
        _ body: @Sendable (_ worker: Int, _ item: Int) throws -> Void
    ) throws {
        let next = Atomic<Int>(0)
        let failure = Mutex<(any Error)?>(nil)
        let crew = max(1, min(workers, count))
        @Sendable func work(_ worker: Int) {
            let state = liif_flush_denormals()
            defer { liif_restore_denormals(state) }
            while true {
                let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if item >= count { return }
                do {
                    try body(worker, item)
                } catch {
                    next.store(count, ordering: .relaxed)
                    failure.withLock { $0 = $0 ?? error }
                }
            }
        }
        if crew == 1 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: crew, execute: work)
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
