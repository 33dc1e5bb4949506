import LIIFTraining
import Tensors
import Testing

@Suite struct DataRandomTests {
    /// Oracle: the published test vector of SplitMix64 for the seed 1234567.
    @Test func generatorIsSplitMix64() {
        var generator = SampleGenerator(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test func streamsDifferInEachOfTheirNumbers() {
        var starts: Set<UInt64> = []
        for seed in 0..<4 {
            for epoch in 0..<4 {
                for index in 0..<4 {
                    for purpose in 0..<2 {
                        var generator = SampleGenerator(
                            seed: UInt64(seed), epoch: epoch, index: index, purpose: UInt64(purpose))
                        starts.insert(generator.next())
                    }
                }
            }
        }
        #expect(starts.count == 128)
    }

    /// Oracle: chi-square of 10 cells, 9 degrees of freedom; 27.9 is exceeded once in a thousand times by chance.
    @Test func drawsAreUniform() {
        var (indices, reals) = ([Int](repeating: 0, count: 10), [Int](repeating: 0, count: 10))
        var heads = 0
        for index in 0..<20000 {
            var generator = SampleGenerator(seed: 3, epoch: 2, index: index)
            indices[generator.index(below: 10)] += 1
            reals[Int(generator.uniform() * 10)] += 1
            heads += generator.coin() ? 1 : 0
        }
        for counts in [indices, reals] {
            let statistic = counts.reduce(0.0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
            #expect(statistic < 27.9)
        }
        #expect(abs(heads - 10000) < 250)
    }

    @Test func ordersArePermutationsOfTheirOwn() {
        let first = EpochOrder(count: 1000, epoch: 1, seed: 5)
        #expect(first.indices.sorted() == Array(0..<1000))
        #expect(first.indices == EpochOrder(count: 1000, epoch: 1, seed: 5).indices)
        for other in [
            EpochOrder(count: 1000, epoch: 2, seed: 5), EpochOrder(count: 1000, epoch: 1, seed: 6),
        ] {
            // A random permutation has one fixed point on average.
            #expect(zip(first.indices, other.indices).count { $0 == $1 } < 12)
        }
    }

    /// Oracle: DataLoader without `drop_last`.
    @Test func batchesCoverTheEpoch() {
        let order = EpochOrder(count: 10, epoch: 0, seed: 0)
        let batches = (0..<3).map { order.batch($0, size: 4) }
        #expect(batches.map(\.count) == [4, 4, 2])
        #expect(batches.flatMap { $0 } == order.indices)
        #expect(EpochOrder.batchCount(of: 10, size: 4) == 3)
    }
}
