import Dispatch
import Synchronization
import Tensors

/// The batches of a run. While one is trained on, the next is prepared beside it: pictures decoded, cut, resized. A sample is
/// a pure function of its number, epoch and seed, so nobody sees when it was made.
package final class BatchLoader: Sendable {
    private let samples: any SampleSet
    private let size: Int
    private let iterationsPerEpoch: Int
    private let seed: UInt64
    private let queue = DispatchQueue(label: "next batch")
    private let state: Mutex<State>

    private struct State {
        var order: EpochOrder
        var next: Preparation?
    }

    /// A batch that is being prepared.
    private final class Preparation: Sendable {
        let iteration: Int
        let result = Mutex<Result<[TrainingSample], any Error>?>(nil)
        let isDone = DispatchSemaphore(value: 0)

        init(_ iteration: Int) { self.iteration = iteration }
    }

    /// - Parameter size: Samples of a batch.
    package init(_ samples: any SampleSet, size: Int, iterationsPerEpoch: Int, seed: UInt64) {
        self.samples = samples
        self.size = size
        self.iterationsPerEpoch = iterationsPerEpoch
        self.seed = seed
        state = Mutex(State(order: EpochOrder(count: samples.count, epoch: 1, seed: seed), next: nil))
    }

    /// The batch of an iteration; the one after it is begun.
    /// - Parameters:
    ///   - iteration: From 0, over all epochs.
    ///   - end: The first iteration that will not be asked for.
    /// - Throws: what a sample throws.
    package func batch(_ iteration: Int, before end: Int) throws -> [TrainingSample] {
        let prepared = state.withLock { state in
            defer { state.next = nil }
            return state.next.flatMap { $0.iteration == iteration ? $0 : nil }
        }
        let batch: [TrainingSample]
        if let prepared {
            prepared.isDone.wait()
            batch = try prepared.result.withLock { $0! }.get()
        } else {
            batch = try load(iteration)
        }
        if iteration + 1 < end { begin(iteration + 1) }
        return batch
    }

    private func begin(_ iteration: Int) {
        let preparation = Preparation(iteration)
        state.withLock { $0.next = preparation }
        queue.async {
            let result = Result { try self.load(iteration) }
            preparation.result.withLock { $0 = result }
            preparation.isDone.signal()
        }
    }

    private func load(_ iteration: Int) throws -> [TrainingSample] {
        let (epoch, place) = iteration.quotientAndRemainder(dividingBy: iterationsPerEpoch)
        let batches = EpochOrder.batchCount(of: samples.count, size: size)
        // An epoch of more iterations than the data fill goes over them again, as in an epoch that no iteration
        // reaches: the same number would bring the same crops once more.
        let pass = epoch + 1 + (place / batches) << 32
        let order = state.withLock { state in
            if state.order.epoch != pass {
                state.order = EpochOrder(count: samples.count, epoch: pass, seed: seed)
            }
            return state.order
        }
        return try samples.samples(order.batch(place % batches, size: size), epoch: pass, seed: seed)
    }
}

extension SampleSet {
    /// Some samples, made by all workers.
    func samples(_ indices: [Int], epoch: Int, seed: UInt64) throws -> [TrainingSample] {
        let loaded = Slots<TrainingSample>(count: indices.count)
        try Workers.run(indices.count) { _, i in
            loaded.set(i, try sample(index: indices[i], epoch: epoch, seed: seed))
        }
        return loaded.values
    }
}
