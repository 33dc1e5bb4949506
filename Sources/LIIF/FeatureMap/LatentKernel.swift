import Tensors

/// A decoder's first step as a convolution of the feature map (Docs/Decisions/0003), for any range of latent
/// rows: feature unfolding without an unfolded map.
final class LatentKernel {
    private let mapWidth: Int
    private let width: Int
    private let reach: Int
    /// Rows of one work item.
    private static let chunkRows = 4
    /// By worker.
    private let chunks, rows: [ConvolutionForward]
    private let chunkWeights, rowWeights, bias: AlignedBuffer

    /// - Parameters:
    ///   - mapWidth: Latents in a row of the maps.
    ///   - channels: D.
    ///   - precision: The maps'.
    ///   - weights: [outputs, D, kernel, kernel], a slice that `plain` describes.
    ///   - bias: [outputs].
    init(
        mapWidth: Int, channels: Int, precision: Precision, weights: UnsafePointer<Float>,
        _ plain: PlainWeights,
        bias values: UnsafePointer<Float>, outputs: Int, kernel: Int, workers: Int
    ) throws {
        self.mapWidth = mapWidth
        width = outputs
        reach = kernel / 2
        func kernels(_ count: Int) throws -> [ConvolutionForward] {
            try (0..<workers).map { _ in
                try ConvolutionForward(
                    ConvolutionShape(
                        height: count + kernel - 1, width: mapWidth,
                        inputChannels: channels, outputChannels: outputs, kernel: kernel,
                        padsRows: false),
                    source: precision, destination: .float32)
            }
        }
        chunks = try kernels(Self.chunkRows)
        rows = try kernels(1)
        chunkWeights = AlignedBuffer(byteCount: chunks[0].weightByteCount)
        rowWeights = AlignedBuffer(byteCount: rows[0].weightByteCount)
        try chunks[0].pack(weights, plain, into: chunkWeights.pointer)
        try rows[0].pack(weights, plain, into: rowWeights.pointer)
        bias = AlignedBuffer(floats: width)
        copyFloats(to: bias.floats, from: values, count: width)
    }

    /// Floats of one row of the result.
    var rowCount: Int { mapWidth * width }

    /// Computes latent rows, [rows, W, width], from a map whose rows around them are there.
    func compute(_ range: Range<Int>, of features: FeatureMap, into result: UnsafeMutablePointer<Float>)
        throws
    {
        precondition(features.width == mapWidth)
        let whole = range.count / Self.chunkRows
        let items = whole + range.count - whole * Self.chunkRows
        nonisolated(unsafe) let kernel = self
        nonisolated(unsafe) let result = result
        try Workers.run(items, workers: rows.count) { worker, item in
            let isChunk = item < whole
            let row = isChunk ? item * Self.chunkRows : whole * Self.chunkRows + item - whole
            (isChunk ? kernel.chunks : kernel.rows)[worker](
                source: features.row(range.lowerBound + row - kernel.reach),
                weights: (isChunk ? kernel.chunkWeights : kernel.rowWeights).pointer,
                bias: kernel.bias.pointer,
                destination: result + row * kernel.rowCount)
        }
    }
}
