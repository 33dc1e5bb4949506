import CTensorKernels
import Tensors

/// The meta-upscale module, ready for one image.
final class MetaSRQueryDecoder: QueryDecoder {
    let search = LatentSearch.corner
    let blockQueries = 256
    let addsInput = false
    let latents: LatentKernel
    private let features: FeatureMap
    private let weights: MetaSRWeights
    /// The hidden layer's bias with the cell's part.
    private let constant: AlignedBuffer

    init(_ model: LIIFModel, _ layout: MetaSRLayout, features: FeatureMap, workers: Int) throws {
        self.features = features
        weights = MetaSRWeights(layout)
        weights.refresh(from: model.parameters)
        constant = AlignedBuffer(floats: layout.width)
        latents = try LatentKernel(
            features, weights: weights.table.floats, weights.plain, bias: weights.tableBias.floats,
            outputs: layout.tableSize, kernel: 3, workers: workers)
    }

    func setCell(_ cell: Cell) {
        weights.setConstant(constant, cell: cell.height(inLatentsOf: features.height))
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
