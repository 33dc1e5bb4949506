import LIIF
import LIIFTraining
import Synchronization
import Testing

@Suite struct BatchLoaderTests {
    /// Samples that say which they are.
    private final class Numbered: SampleSet {
        struct Unreadable: Error, Equatable { var index: Int }

        let count: Int
        let unreadable: Int?
        let made = Mutex<[Int]>([])

        init(count: Int, unreadable: Int? = nil) {
            self.count = count
            self.unreadable = unreadable
        }

        func sample(index: Int, epoch: Int, seed: UInt64) throws -> TrainingSample {
            if index == unreadable { throw Unreadable(index: index) }
            made.withLock { $0.append(index) }
            return TrainingSample(
                input: [Float(index), Float(epoch & 0xffff), Float(seed)], inputHeight: 1, inputWidth: 1,
                coordinates: [0, 0], cell: Cell(height: 2, width: 2), colours: [Float(epoch >> 16), 0, 0],
                truthHeight: 1, truthWidth: 1)
        }
    }

    /// The oracle is the order itself.
    @Test(arguments: [(10, 3, 4), (10, 3, 2), (4, 4, 1)])
    func everyIterationHasItsSamples(_ count: Int, size: Int, iterationsPerEpoch: Int) throws {
        let set = Numbered(count: count)
        let loader = BatchLoader(set, size: size, iterationsPerEpoch: iterationsPerEpoch, seed: 9)
        // From the middle, as a resumed run, and with a jump, which no run makes.
        for iteration in [5, 6, 7, 8, 9, 10, 2, 3] {
            let epoch = iteration / iterationsPerEpoch + 1
            let order = EpochOrder(count: count, epoch: epoch, seed: 9)
            let expected = order.batch(iteration % iterationsPerEpoch, size: size)
            let batch = try loader.batch(iteration, before: 100)
            #expect(batch.map { $0.input } == expected.map { [Float($0), Float(epoch), 9] })
        }
    }

    /// An epoch of more iterations than the data fill shows every sample as often, but nothing twice.
    @Test func longEpochsRepeatNoSample() throws {
        let loader = BatchLoader(Numbered(count: 5), size: 2, iterationsPerEpoch: 7, seed: 9)
        let shown = try (0..<28).flatMap { try loader.batch($0, before: 28) }.map { $0.input + $0.colours }
        #expect(Set(shown).count == shown.count)
        // Seven batches are two rounds of 5 and a batch more.
        for (epoch, samples) in [shown[0..<12], shown[12..<24], shown[24..<36], shown[36..<48]].enumerated() {
            for round in [samples.prefix(5), samples.dropFirst(5).prefix(5)] {
                #expect(round.map { $0[0] }.sorted() == [0, 1, 2, 3, 4], "epoch \(epoch + 1)")
            }
        }
        // In the middle of an epoch, as a resumed run.
        let resumed = BatchLoader(Numbered(count: 5), size: 2, iterationsPerEpoch: 7, seed: 9)
        #expect(try resumed.batch(11, before: 28).map { $0.input + $0.colours } == Array(shown[19..<21]))
    }

    @Test func nothingIsMadeBeyondTheEnd() throws {
        let set = Numbered(count: 6)
        let loader = BatchLoader(set, size: 2, iterationsPerEpoch: 3, seed: 1)
        for iteration in 0..<3 { _ = try loader.batch(iteration, before: 3) }
        #expect(set.made.withLock { $0.sorted() } == Array(0..<6))
    }

    /// An error of the next batch is no error of this one.
    @Test func anErrorComesWithItsOwnBatch() throws {
        let order = EpochOrder(count: 6, epoch: 1, seed: 1)
        let unreadable = order.batch(1, size: 2)[0]
        let loader = BatchLoader(
            Numbered(count: 6, unreadable: unreadable), size: 2, iterationsPerEpoch: 3, seed: 1)
        _ = try loader.batch(0, before: 3)
        #expect(throws: Numbered.Unreadable(index: unreadable)) { try loader.batch(1, before: 3) }
        #expect(try loader.batch(2, before: 3).count == 2)
    }
}
