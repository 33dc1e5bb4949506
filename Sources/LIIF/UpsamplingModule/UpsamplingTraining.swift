import Tensors

/// An up-sampling module in training. The graph has made the whole picture; a query reads the pixel that it lies in,
/// as the release samples it, so that with all pixels as queries the loss is the pixel-wise one.
final class UpsamplingTraining: DecoderTraining, @unchecked Sendable {
    /// What one worker needs.
    private struct Worker {
        /// Places of the block's pixels in the picture.
        let pixels: UnsafeMutablePointer<Int>
        var count = 0
        var sample: EncodedSample?
    }

    let blockQueries = 1024
    /// Of the picture.
    private let height, width: Int
    private let workers: UnsafeMutableBufferPointer<Worker>

    init(scale: Int, height: Int, width: Int, workers count: Int) {
        self.height = height * scale
        self.width = width * scale
        workers = .allocate(capacity: count)
        for i in 0..<count {
            workers.initializeElement(at: i, to: Worker(pixels: .allocate(capacity: blockQueries)))
        }
    }

    deinit {
        for worker in workers { worker.pixels.deallocate() }
        workers.deinitialize()
        workers.deallocate()
    }

    func refresh(from parameters: AlignedBuffer) {}

    func reserve(lanes: Int) {}

    func clear(lane: Int) {}

    func begin(_ sample: EncodedSample, worker: Int) {
        workers[worker].sample = sample
        if let gradient = sample.mapGradient { clearBytes(gradient, count: height * width * 12) }
    }

    func forward(
        _ coordinates: UnsafePointer<Float>, count: Int, worker: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        workers[worker].count = count
        let (pixels, map) = (workers[worker].pixels, workers[worker].sample!.map)
        for q in 0..<count {
            let y = LocalEnsemble.neighbour(of: coordinates[2 * q], shift: 0, count: height)
            let x = LocalEnsemble.neighbour(of: coordinates[2 * q + 1], shift: 0, count: width)
            pixels[q] = Int(y.index) * width + Int(x.index)
            for c in 0..<3 { colours[3 * q + c] = map[3 * pixels[q] + c] }
        }
    }

    func backward(_ colourGradient: UnsafePointer<Float>, worker: Int, lane: Int) {
        let (pixels, gradient) = (workers[worker].pixels, workers[worker].sample!.mapGradient!)
        for q in 0..<workers[worker].count {
            for c in 0..<3 { gradient[3 * pixels[q] + c] += colourGradient[3 * q + c] }
        }
    }

    func finish(worker: Int, lane: Int) {}

    func reduce(lanes: Int, into gradient: AlignedBuffer) {}
}
