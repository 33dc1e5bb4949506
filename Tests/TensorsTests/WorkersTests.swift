import Synchronization
import Tensors
import Testing

@Suite struct WorkersTests {
    /// How often each item was begun, and whether a worker was ever at two items at once.
    final class Tally: Sendable {
        let counts: Mutex<[Int]>
        let busy = Mutex<Set<Int>>([])
        let overlaps = Atomic<Int>(0)

        init(_ count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }

        func visit(_ worker: Int, _ item: Int) {
            if !busy.withLock({ $0.insert(worker).inserted }) { overlaps.add(1, ordering: .relaxed) }
            counts.withLock { $0[item] += 1 }
            _ = busy.withLock { $0.remove(worker) }
        }
    }

    struct Failure: Error, Equatable { var item: Int }

    @Test(arguments: [0, 1, 2, 7, 1000], [1, 2, 3, 16])
    func everyItemIsDoneExactlyOnce(_ count: Int, workers: Int) throws {
        let tally = Tally(count)
        try Workers.run(count, workers: workers) { worker, item in
            #expect((0..<workers).contains(worker))
            tally.visit(worker, item)
        }
        #expect(tally.counts.withLock { $0 } == [Int](repeating: 1, count: count))
        #expect(tally.overlaps.load(ordering: .relaxed) == 0)
    }

    @Test(arguments: [1, 2, 5]) func anErrorArrivesAndNoNewItemBegins(workers: Int) throws {
        let tally = Tally(100_000)
        #expect(throws: Failure(item: 10)) {
            try Workers.run(100_000, workers: workers) { worker, item in
                tally.visit(worker, item)
                if item == 10 { throw Failure(item: 10) }
            }
        }
        let counts = tally.counts.withLock { $0 }
        #expect(counts[10] == 1 && counts.allSatisfy { $0 <= 1 })
        if workers == 1 { #expect(counts.reduce(0, +) == 11) }
    }

    /// They would slow the work down a hundredfold; afterwards the caller's arithmetic is as it was.
    @Test(arguments: [1, 2]) func denormalsAreZero(workers: Int) throws {
        let denormal = Mutex(Float.leastNormalMagnitude / 2)
        let products = Mutex([Float]())
        try Workers.run(100, workers: workers) { _, _ in
            let number = denormal.withLock { $0 }
            products.withLock { $0.append(number * 2) }
        }
        #expect(products.withLock { $0 } == [Float](repeating: 0, count: 100))
        #expect(denormal.withLock { $0 * 2 } == .leastNormalMagnitude)
    }

    @Test func oneOfSeveralErrorsArrives() {
        #expect(throws: Failure.self) {
            try Workers.run(50, workers: 4) { _, item in throw Failure(item: item) }
        }
    }

    @Test func workersMayHaveWorkers() throws {
        let tally = Tally(8 * 32)
        try Workers.run(8, workers: 4) { _, outer in
            try Workers.run(32, workers: 4) { _, inner in
                tally.counts.withLock { $0[outer * 32 + inner] += 1 }
            }
        }
        #expect(tally.counts.withLock { $0 } == [Int](repeating: 1, count: 256))
    }
}
