import CTensorKernels
import Tensors

/// The meta-upscale module in training: the tables of all latents forward, queries in blocks forward and straight
/// back, the tables backward.
final class MetaSRTraining: DecoderTraining, @unchecked Sendable {
    /// Queries of a block.
    private static let capacity = 256

    /// What one worker needs.
    private struct Worker {
        let block: QueryBlock
        let forward: ConvolutionForward
        let backwardData: ConvolutionBackwardData
        let backwardWeights: ConvolutionBackwardWeights
        /// The feature map, and the tables' gradient, as the convolutions read them; none under float32.
        let narrowFeatures, narrowGradient: AlignedBuffer?
        /// [H, W, tableSize]
        let tables, tableGradient: AlignedBuffer
        /// The hidden layer's bias with the cell's part.
        let constant: AlignedBuffer
        /// The bias's gradient of the tables' convolution, which nobody reads.
        let biasGradient: AlignedBuffer
        var sample: EncodedSample?
    }

    /// One lane's sums.
    private struct Lane {
        let relativeY, relativeX, cell, bias: AlignedBuffer
        /// A sample's ∑ of the hidden layer's gradients, from which its bias's and its cell's follow.
        let sum: AlignedBuffer
        /// Of the tables' convolution, in its kernel's layout.
        let table: AlignedBuffer

        var all: [AlignedBuffer] { [relativeY, relativeX, cell, bias, sum, table] }
    }

    let blockQueries = MetaSRTraining.capacity
    private let layout: MetaSRLayout
    private let height, width: Int
    private let precision: Precision
    private let workers: UnsafeMutableBufferPointer<Worker>
    private let weights: MetaSRWeights
    private let packedForward, packedBackward: AlignedBuffer
    private var lanes: [Lane] = []

    init(_ layout: MetaSRLayout, height: Int, width: Int, precision: Precision, workers count: Int) throws {
        self.layout = layout
        self.height = height
        self.width = width
        self.precision = precision
        let shape = ConvolutionShape(
            height: height, width: width, inputChannels: layout.featureChannels,
            outputChannels: layout.tableSize, kernel: 3)
        let positions = height * width
        func narrow(_ channels: Int) -> AlignedBuffer? {
            precision == .float32 ? nil : AlignedBuffer(count: positions * channels, precision: precision)
        }
        let made = try (0..<count).map { _ in
            let backwardWeights = try ConvolutionBackwardWeights(shape, precision: precision)
            return Worker(
                block: QueryBlock(capacity: Self.capacity, corners: layout.search.corners),
                forward: try ConvolutionForward(shape, source: precision, destination: .float32),
                backwardData: try ConvolutionBackwardData(
                    shape, gradient: precision, sourceGradient: .float32),
                backwardWeights: backwardWeights, narrowFeatures: narrow(layout.featureChannels),
                narrowGradient: narrow(layout.tableSize),
                tables: AlignedBuffer(floats: positions * layout.tableSize),
                tableGradient: AlignedBuffer(floats: positions * layout.tableSize),
                constant: AlignedBuffer(floats: layout.width),
                biasGradient: AlignedBuffer(floats: layout.tableSize))
        }
        workers = .allocate(capacity: count)
        _ = workers.initialize(from: made)
        weights = MetaSRWeights(layout)
        packedForward = AlignedBuffer(byteCount: made[0].forward.weightByteCount)
        packedBackward = AlignedBuffer(byteCount: made[0].backwardData.weightByteCount)
    }

    deinit {
        workers.deinitialize()
        workers.deallocate()
    }

    func refresh(from parameters: AlignedBuffer) throws {
        weights.refresh(from: parameters)
        try workers[0].forward.pack(weights.table.floats, weights.plain, into: packedForward.pointer)
        try workers[0].backwardData.pack(weights.table.floats, weights.plain, into: packedBackward.pointer)
    }

    func reserve(lanes count: Int) {
        func sums() -> AlignedBuffer { AlignedBuffer(floats: layout.width) }
        while lanes.count < count {
            lanes.append(
                Lane(
                    relativeY: sums(), relativeX: sums(), cell: sums(), bias: sums(), sum: sums(),
                    table: AlignedBuffer(byteCount: workers[0].backwardWeights.weightByteCount)))
        }
    }

    func clear(lane: Int) { lanes[lane].all.forEach { $0.zero() } }

    func begin(_ sample: EncodedSample, worker index: Int) {
        workers[index].sample = sample
        let worker = workers[index]
        weights.setConstant(worker.constant, cell: sample.cell.height(inLatentsOf: height))
        worker.forward(
            source: features(sample, worker), weights: packedForward.pointer,
            bias: weights.tableBias.pointer, destination: worker.tables.pointer)
        if sample.mapGradient != nil { worker.tableGradient.zero() }
    }

    /// The feature map in the pass's precision.
    private func features(_ sample: EncodedSample, _ worker: Worker) -> UnsafeMutableRawPointer {
        guard let narrow = worker.narrowFeatures else { return UnsafeMutableRawPointer(mutating: sample.map) }
        liif_bf16_from_float(narrow.bfloat16s, sample.map, height * width * layout.featureChannels)
        return narrow.pointer
    }

    func forward(
        _ coordinates: UnsafePointer<Float>, count: Int, worker index: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        let worker = workers[index]
        let block = worker.block
        block.fill(
            coordinates, count: count, search: layout.search, cell: worker.sample!.cell, latentHeight: height,
            latentWidth: width)
        liif_meta_upscale(
            colours, worker.tables.floats, block.index, block.relativeY, block.relativeX,
            weights.relativeY.floats, weights.relativeX.floats, worker.constant.floats, count, layout.width,
            layout.tableSize)
    }

    func backward(_ colourGradient: UnsafePointer<Float>, worker index: Int, lane: Int) {
        let worker = workers[index]
        let block = worker.block
        let sums = lanes[lane]
        liif_meta_upscale_backward(
            worker.tableGradient.floats, sums.relativeY.floats, sums.relativeX.floats, sums.sum.floats,
            colourGradient, worker.tables.floats, block.index, block.relativeY, block.relativeX,
            weights.relativeY.floats, weights.relativeX.floats, worker.constant.floats, block.count,
            layout.width, layout.tableSize)
    }

    func finish(worker index: Int, lane: Int) {
        let worker = workers[index]
        let (sample, sums) = (worker.sample!, lanes[lane])
        let cell = sample.cell.height(inLatentsOf: height)
        for j in 0..<layout.width {
            sums.cell.floats[j] += sums.sum.floats[j] * cell
            sums.bias.floats[j] += sums.sum.floats[j]
        }
        sums.sum.zero()
        let count = height * width * layout.tableSize
        if let narrow = worker.narrowGradient {
            liif_bf16_from_float(narrow.bfloat16s, worker.tableGradient.floats, count)
        }
        let gradient = (worker.narrowGradient ?? worker.tableGradient).pointer
        let source = worker.narrowFeatures?.pointer ?? UnsafeMutableRawPointer(mutating: sample.map)
        worker.backwardWeights(
            source: source, weightGradient: sums.table.pointer, biasGradient: worker.biasGradient.pointer,
            destinationGradient: gradient, accumulate: true)
        worker.backwardData(
            sourceGradient: UnsafeMutableRawPointer(sample.mapGradient!), weights: packedBackward.pointer,
            destinationGradient: gradient)
    }

    func reduce(lanes count: Int, into gradient: AlignedBuffer) throws {
        let total = lanes[0]
        for lane in lanes[1..<count] {
            for (sum, part) in zip(total.all, lane.all) {
                liif_add(sum.floats, part.floats, sum.byteCount / 4)
            }
        }
        let g = gradient.floats
        for j in 0..<layout.width {
            g[layout.hiddenWeight + 3 * j] = total.relativeY.floats[j]
            g[layout.hiddenWeight + 3 * j + 1] = total.relativeX.floats[j]
            g[layout.hiddenWeight + 3 * j + 2] = total.cell.floats[j]
        }
        copyFloats(to: g + layout.hiddenBias, from: total.bias.floats, count: layout.width)
        let plain = AlignedBuffer(floats: layout.tableSize * layout.tableInputs)
        try workers[0].backwardWeights.unpack(total.table.pointer, into: plain.floats, weights.plain)
        transpose(
            plain.floats, rows: 3 * layout.width, columns: layout.tableInputs, into: g + layout.matrixWeight)
        transpose(
            plain.floats + 3 * layout.width * layout.tableInputs, rows: 3, columns: layout.tableInputs,
            into: g + layout.matrixBias)
        withExtendedLifetime((plain, gradient)) {}
    }
}
