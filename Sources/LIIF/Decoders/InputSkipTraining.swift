import Tensors

/// Any decoder in training, whose predictions are added to the bilinearly interpolated input. The sum's gradient is the
/// prediction's own, and the input has none.
final class InputSkipTraining: DecoderTraining, @unchecked Sendable {
    private let decoder: any DecoderTraining
    private let height, width: Int
    /// By worker.
    private let inputs: UnsafeMutableBufferPointer<UnsafePointer<Float>?>

    /// - Parameters:
    ///   - height: Extent of the samples' input.
    ///   - width: Extent of the samples' input.
    init(_ decoder: any DecoderTraining, height: Int, width: Int, workers count: Int) {
        self.decoder = decoder
        self.height = height
        self.width = width
        inputs = .allocate(capacity: count)
        inputs.initialize(repeating: nil)
    }

    deinit { inputs.deallocate() }

    var blockQueries: Int { decoder.blockQueries }

    func refresh(from parameters: AlignedBuffer) throws { try decoder.refresh(from: parameters) }

    func reserve(lanes: Int) { decoder.reserve(lanes: lanes) }

    func clear(lane: Int) { decoder.clear(lane: lane) }

    func begin(_ sample: EncodedSample, worker: Int) {
        inputs[worker] = sample.input
        decoder.begin(sample, worker: worker)
    }

    func forward(
        _ coordinates: UnsafePointer<Float>, count: Int, worker: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        decoder.forward(coordinates, count: count, worker: worker, into: colours)
        let skip = InputSkip(pixels: inputs[worker]!, height: height, width: width)
        for q in 0..<count {
            skip.add(y: coordinates[2 * q], x: coordinates[2 * q + 1], to: colours + 3 * q)
        }
    }

    func backward(_ colourGradient: UnsafePointer<Float>, worker: Int, lane: Int) {
        decoder.backward(colourGradient, worker: worker, lane: lane)
    }

    func finish(worker: Int, lane: Int) { decoder.finish(worker: worker, lane: lane) }

    func reduce(lanes: Int, into gradient: AlignedBuffer) throws {
        try decoder.reduce(lanes: lanes, into: gradient)
    }
}
