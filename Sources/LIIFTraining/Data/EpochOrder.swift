/// The order in which one epoch meets the samples: a shuffle that depends on seed and epoch alone.
public struct EpochOrder: Sendable {
    /// Every sample's index once, shuffled.
    public let indices: [Int]
    /// The epoch that it was made for.
    let epoch: Int

    /// - Parameter count: samples of the data set, repetitions included.
    public init(count: Int, epoch: Int, seed: UInt64) {
        var indices = Array(0..<count)
        var generator = SampleGenerator(seed: seed, epoch: epoch, index: 0, purpose: 1)
        for position in stride(from: count - 1, to: 0, by: -1) {
            indices.swapAt(position, generator.index(below: position + 1))
        }
        self.indices = indices
        self.epoch = epoch
    }

    /// Batches that so many samples fill; the last may hold fewer.
    public static func batchCount(of samples: Int, size: Int) -> Int { (samples + size - 1) / size }

    /// The samples of one batch.
    /// - Parameter number: 0..<batchCount.
    public func batch(_ number: Int, size: Int) -> [Int] {
        Array(indices[(number * size)..<min((number + 1) * size, indices.count)])
    }
}
