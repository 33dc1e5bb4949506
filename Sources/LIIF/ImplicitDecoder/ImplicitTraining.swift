import Tensors

/// LIIF's decoding function in training. A block goes forward and straight back while its activations are in the
/// cache.
final class ImplicitTraining: DecoderTraining, @unchecked Sendable {
    /// Rows of a block: 128 queries with the ensemble, so that adding to the weight gradients pays.
    private static let blockRows = 512

    /// What one worker needs.
    private struct Worker {
        let pass: DecoderPass
        let block: QueryBlock
        var sample: EncodedSample?
    }

    let blockQueries: Int
    private let layout: DecoderLayout
    private let height, width: Int
    private let workers: UnsafeMutableBufferPointer<Worker>
    private let weights: DecoderWeights
    private var lanes: [DecoderGradients] = []

    init(_ layout: DecoderLayout, height: Int, width: Int, precision: Precision, workers count: Int) throws {
        self.layout = layout
        self.height = height
        self.width = width
        let capacity = Self.blockRows / layout.corners
        blockQueries = capacity
        let made = try (0..<count).map { _ in
            Worker(
                pass: try DecoderPass(layout, capacity: capacity, precision: precision, training: true),
                block: QueryBlock(capacity: capacity, corners: layout.corners))
        }
        workers = .allocate(capacity: count)
        _ = workers.initialize(from: made)
        weights = DecoderWeights(made[0].pass)
    }

    deinit {
        workers.deinitialize()
        workers.deallocate()
    }

    func refresh(from parameters: AlignedBuffer) throws {
        try weights.refresh(from: parameters, pass: workers[0].pass)
    }

    func reserve(lanes count: Int) {
        while lanes.count < count { lanes.append(DecoderGradients(layout)) }
    }

    func clear(lane: Int) { lanes[lane].clear() }

    func begin(_ sample: EncodedSample, worker: Int) {
        workers[worker].sample = sample
        workers[worker].pass.setCell(
            sample.cell, latentHeight: height, latentWidth: width, weights: weights)
        if let gradient = sample.mapGradient {
            clearBytes(gradient, count: height * width * layout.firstWidth * 4)
        }
    }

    func forward(
        _ coordinates: UnsafePointer<Float>, count: Int, worker: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        let (pass, block, sample) = (workers[worker].pass, workers[worker].block, workers[worker].sample!)
        block.fill(
            coordinates, count: count, search: layout.search, cell: sample.cell, latentHeight: height,
            latentWidth: width)
        pass.forward(block, latents: sample.map, weights: weights, colours: colours)
    }

    func backward(_ colourGradient: UnsafePointer<Float>, worker: Int, lane: Int) {
        let (pass, block, sample) = (workers[worker].pass, workers[worker].block, workers[worker].sample!)
        pass.backward(
            block, colourGradient: colourGradient, weights: weights, latentGradient: sample.mapGradient!,
            into: lanes[lane])
    }

    func finish(worker: Int, lane: Int) {
        lanes[lane].finishSample(
            workers[worker].sample!.cell, latentHeight: height, latentWidth: width)
    }

    func reduce(lanes count: Int, into gradient: AlignedBuffer) throws {
        DecoderGradients.reduce(Array(lanes[..<count]), into: gradient)
    }
}
