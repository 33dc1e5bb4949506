package import Tensors

/// A sample on its way through training, after the graph ran forward over its input.
package struct EncodedSample {
    /// The normalised input, [H, W, 3].
    let input: UnsafePointer<Float>
    /// The graph's output.
    let map: UnsafePointer<Float>
    /// Where the gradient of `map` goes; nil where none is wanted.
    let mapGradient: UnsafeMutablePointer<Float>?
    /// One for all queries of the sample, as every released data set has it.
    let cell: Cell

    package init(
        input: UnsafePointer<Float>, map: UnsafePointer<Float>, mapGradient: UnsafeMutablePointer<Float>?,
        cell: Cell
    ) {
        self.input = input
        self.map = map
        self.mapGradient = mapGradient
        self.cell = cell
    }
}

/// A decoder in training, over samples of one extent: its weights in the kernels' layouts, a pass for each worker, and
/// a sum of gradients for each lane (Docs/Decisions/0005).
///
/// For each sample: `begin`, then for each block of queries `forward` and straight after it `backward`, then `finish`.
/// Workers run side by side, a worker and a lane each by one thread at a time.
package protocol DecoderTraining: AnyObject, Sendable {
    /// Queries of a block at the most.
    var blockQueries: Int { get }

    /// Takes new parameters into use.
    func refresh(from parameters: AlignedBuffer) throws

    /// Makes as many lanes, if there are fewer.
    func reserve(lanes: Int)

    /// Forgets what was added to a lane.
    func clear(lane: Int)

    /// Begins a sample.
    func begin(_ sample: EncodedSample, worker: Int)

    /// Predicts a block of queries in normalised units.
    /// - Parameters:
    ///   - coordinates: [count, 2], (y, x) in −1…1.
    ///   - colours: The result, [count, 3].
    func forward(
        _ coordinates: UnsafePointer<Float>, count: Int, worker: Int,
        into colours: UnsafeMutablePointer<Float>)

    /// From the gradient of what `forward` has just predicted, [count, 3]: adds to the lane and to the sample's
    /// `mapGradient`.
    func backward(_ colourGradient: UnsafePointer<Float>, worker: Int, lane: Int)

    /// Ends a sample that went backward; its `mapGradient` is complete after it.
    func finish(worker: Int, lane: Int)

    /// Sums the first lanes in order and overwrites the decoder's part of the flat gradient.
    func reduce(lanes: Int, into gradient: AlignedBuffer) throws
}
