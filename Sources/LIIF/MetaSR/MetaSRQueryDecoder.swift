import CTensorKernels
import Tensors

/// The meta-upscale module, ready for maps of one width and precision.
final class MetaSRQueryDecoder: QueryDecoder {
    let blockQueries = 256
    let latents: LatentKernel
    private let weights: MetaSRWeights
    /// The hidden layer's bias with the cell's part.
    private let constant: AlignedBuffer

    var search: LatentSearch { weights.layout.search }

    init(_ model: LIIFModel, _ layout: MetaSRLayout, mapWidth: Int, precision: Precision, workers: Int) throws
    {
        weights = MetaSRWeights(layout)
        weights.refresh(from: model.parameters)
        constant = AlignedBuffer(floats: layout.width)
        latents = try LatentKernel(
            mapWidth: mapWidth, channels: layout.featureChannels, precision: precision,
            weights: weights.table.floats, weights.plain, bias: weights.tableBias.floats,
            outputs: layout.tableSize, kernel: 3, workers: workers)
    }

    func setCell(_ cell: Cell, isGiven: Bool, latentHeight: Int, latentWidth: Int) {
        weights.setConstant(constant, cell: cell.height(inLatentsOf: latentHeight))
    }

    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, worker: Int,
        into colours: UnsafeMutablePointer<Float>
    ) {
        liif_meta_upscale(
            colours, latents, block.index, block.relativeY, block.relativeX, weights.relativeY.floats,
            weights.relativeX.floats, constant.floats, block.count, weights.layout.width,
            weights.layout.tableSize)
    }
}
