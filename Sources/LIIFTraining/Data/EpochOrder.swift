/// The order in which one epoch meets the samples: a shuffle that depends on seed and epoch alone.
public struct EpochOrder: Sendable {
    /// Every sample's index once, shuffled.
    public let indices: [Int]

    /// - Parameter count: samples of the data set, repetitions included.
    public init(count: Int, epoch: Int, seed: UInt64) {
        var indices = Array(0..<count)
        var generator = SampleGenerator(seed: seed, epoch: epoch, index: 0, purpose: 1)
        for position in stride(from: count - 1, to: 0, by: -1) {
            indices.swapAt(position, generator.index(below: position + 1))
        }
        self.indices = indices
    }

    /// The samples of one iteration, from 0; the last may hold fewer.
    ///
    /// An epoch of more iterations than the data fill goes on from the order's beginning.
    public func batch(_ iteration: Int, size: Int) -> [Int] {
        let batches = (indices.count + size - 1) / size
        let start = iteration % batches * size
        return Array(indices[start..<min(start + size, indices.count)])
    }
}
