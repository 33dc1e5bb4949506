import Dispatch
import Foundation
import LIIFServer
import Synchronization
import Testing

@Suite struct RenderQueueTests {
    typealias Queue = RenderQueue<String, Int>

    /// Waits until something holds; a test that hangs fails.
    private func eventually(_ condition: () -> Bool) async throws {
        for _ in 0..<2000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(condition())
    }

    @Test func equalRequestsAreWorkedOnOnce() async throws {
        let queue = Queue(capacity: 10)
        let calls = Atomic<Int>(0), gate = DispatchSemaphore(value: 0)
        let work: Queue.Work = { _ in
            calls.add(1, ordering: .relaxed)
            gate.wait()
            return 7
        }
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await queue.value(for: "a", connection: nil, work) } }
            try await Task.sleep(for: .milliseconds(200))
            gate.signal()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let made = calls.load(ordering: .relaxed)
        #expect(results == [Int](repeating: 7, count: 8) && made == 1)
        queue.close()
    }

    @Test func aFullQueueRefuses() async throws {
        let queue = Queue(capacity: 2, threads: 1)
        let gate = DispatchSemaphore(value: 0)
        let work: Queue.Work = { _ in
            gate.wait()
            return 1
        }
        let running = Task { try await queue.value(for: "0", connection: nil, work) }
        try await eventually { queue.counts == (0, 1) }
        let waiting = (1...2).map { number in
            Task { try await queue.value(for: "\(number)", connection: nil, work) }
        }
        try await eventually { queue.counts == (2, 1) }
        do {
            _ = try await queue.value(for: "3", connection: nil, work)
            Issue.record("the queue took more than it holds")
        } catch let error as Overloaded {
            #expect((1...60).contains(error.retryAfter))
        }
        for _ in 0..<3 { gate.signal() }
        #expect(try await running.value == 1)
        for task in waiting { #expect(try await task.value == 1) }
        queue.close()
    }

    /// Two large pieces of work leave a thread free; the second one runs after the first.
    @Test func largeWorkDoesNotHoldUpSmallWork() async throws {
        let queue = Queue(capacity: 10, threads: 2)
        let gate = DispatchSemaphore(value: 0)
        let begun = Atomic<Int>(0)
        let work: Queue.Work = { _ in
            begun.add(1, ordering: .relaxed)
            gate.wait()
            return 7
        }
        let large = (1...2).map { number in
            Task { try await queue.value(for: "large \(number)", isLarge: true, connection: nil, work) }
        }
        try await eventually { queue.counts == (1, 1) }
        for number in 0..<5 {
            #expect(try await queue.value(for: "\(number)", connection: nil) { _ in number } == number)
        }
        let begunBefore = begun.load(ordering: .relaxed)
        #expect(begunBefore == 1 && queue.counts == (1, 1))
        gate.signal()
        try await eventually { begun.load(ordering: .relaxed) == 2 }
        gate.signal()
        for task in large { #expect(try await task.value == 7) }
        queue.close()
    }

    /// Fails if large work may fill the queue, or if what it leaves is not for small work.
    @Test func largeWorkLeavesRoom() async throws {
        let queue = Queue(capacity: 4, threads: 1)
        let gate = DispatchSemaphore(value: 0)
        let work: Queue.Work = { _ in
            gate.wait()
            return 1
        }
        func ask(_ key: String, isLarge: Bool) -> Task<Int, any Error> {
            Task { try await queue.value(for: key, isLarge: isLarge, connection: nil, work) }
        }
        var tasks = [ask("0", isLarge: true)]
        try await eventually { queue.counts == (0, 1) }
        tasks += [ask("1", isLarge: true), ask("2", isLarge: true)]
        try await eventually { queue.counts == (2, 1) }
        await #expect(throws: Overloaded.self) { try await ask("3", isLarge: true).value }
        tasks += [ask("4", isLarge: false), ask("5", isLarge: false)]
        try await eventually { queue.counts == (4, 1) }
        await #expect(throws: Overloaded.self) { try await ask("6", isLarge: false).value }
        for _ in tasks { gate.signal() }
        for task in tasks { #expect(try await task.value == 1) }
        queue.close()
    }

    @Test func workEndsWhenTheLastClientGoes() async throws {
        let queue = Queue(capacity: 4, threads: 1)
        let checks = Atomic<Int>(0), wasGivenUp = Atomic<Bool>(false)
        let work: Queue.Work = { checkpoint in
            do {
                while true {
                    try checkpoint()
                    checks.add(1, ordering: .relaxed)
                }
            } catch {
                wasGivenUp.store(true, ordering: .relaxed)
                throw error
            }
        }
        let clients = [ClientConnection(), ClientConnection()]
        let tasks = clients.map { client in Task { try await queue.value(for: "a", connection: client, work) }
        }
        try await eventually { checks.load(ordering: .relaxed) > 0 }
        clients[0].close()
        await #expect(throws: CancellationError.self) { try await tasks[0].value }
        let isGivenUp = wasGivenUp.load(ordering: .relaxed)
        #expect(!isGivenUp)
        clients[1].close()
        await #expect(throws: CancellationError.self) { try await tasks[1].value }
        try await eventually { wasGivenUp.load(ordering: .relaxed) && queue.counts == (0, 0) }
        // A client that is gone already is not worked for.
        await #expect(throws: CancellationError.self) {
            try await queue.value(for: "b", connection: clients[0]) { _ in 1 }
        }
        #expect(try await queue.value(for: "a", connection: nil) { _ in 5 } == 5)
        queue.close()
    }

    /// The program's exit must not come while a thread still computes.
    @Test func theEndAwaitsWorkThatIsGivenUp() async throws {
        let queue = Queue(capacity: 4)
        let hasBegun = Atomic<Bool>(false), hasEnded = Atomic<Bool>(false)
        let task = Task {
            try await queue.value(for: "a", connection: nil) { checkpoint in
                hasBegun.store(true, ordering: .relaxed)
                defer {
                    // What is left to do after the last checkpoint.
                    usleep(100_000)
                    hasEnded.store(true, ordering: .relaxed)
                }
                while true { try checkpoint() }
            }
        }
        try await eventually { hasBegun.load(ordering: .relaxed) }
        queue.close()
        await queue.ended()
        let wasAwaited = hasEnded.load(ordering: .relaxed)
        #expect(wasAwaited)
        await #expect(throws: CancellationError.self) { try await task.value }
        // There is nothing to wait for any more.
        await queue.ended()
    }

    @Test func errorsReachAllWhoWait() async throws {
        struct Failure: Error {}
        let queue = Queue(capacity: 4)
        await #expect(throws: Failure.self) {
            try await queue.value(for: "a", connection: nil) { _ in throw Failure() }
        }
        #expect(try await queue.value(for: "a", connection: nil) { _ in 2 } == 2)
        queue.close()
    }
}
