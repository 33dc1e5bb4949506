import LIIF
import NeuralNetwork
import Tensors

/// One worker's forward and backward pass over one sample: encoder, then the queries in blocks, each going
/// forward and straight back while its activations are in the cache, then the encoder backward.
package final class SamplePass: @unchecked Sendable {
    /// Queries per block: with the ensemble 512 rows, so that adding to the weight gradients pays.
    static let blockQueries = 128

    let network: LIIFNetwork
    let graphPass: GraphPass
    let decoderPass: DecoderPass
    let block: QueryBlock
    private let input: AlignedBuffer
    private let colours: AlignedBuffer
    private let colourGradient: AlignedBuffer

    init(_ network: LIIFNetwork, height: Int, width: Int, precision: Precision) throws {
        self.network = network
        let corners = network.configuration.corners
        let capacity = Self.blockQueries * 4 / corners
        graphPass = try GraphPass(
            network.graph, height: height, width: width, precision: precision, training: true)
        decoderPass = try DecoderPass(
            network.decoder, capacity: capacity, corners: corners, precision: precision, training: true)
        block = QueryBlock(capacity: capacity, corners: corners)
        input = AlignedBuffer(floats: height * width * 3)
        colours = AlignedBuffer(floats: capacity * 3)
        colourGradient = AlignedBuffer(floats: capacity * 3)
    }

    /// Encodes the sample's input and returns the sum of |prediction − truth| over queries and channels.
    /// - Parameters:
    ///   - gradientScale: The factor of that sum in the loss; nil for no backward pass.
    ///   - errors: If given, receives prediction − truth before the loss, [Q, 3] in normalised units.
    func run(
        _ sample: TrainingSample, normalization: PixelNormalization, graphWeights: GraphWeights,
        decoderWeights: DecoderWeights, gradientScale: Float?, graphLane: GraphGradients?,
        decoderLane: DecoderGradients?, errors: UnsafeMutablePointer<Float>? = nil
    ) -> Double {
        let height = graphPass.height, width = graphPass.width
        precondition(sample.inputHeight == height && sample.inputWidth == width)
        // Every released data set gives a sample's queries one cell; the decoder relies on it.
        let cell = Cell(height: sample.cells[0], width: sample.cells[1])
        for i in 0..<sample.input.count {
            input.floats[i] = normalization.input.normalized(sample.input[i], channel: i % 3)
        }
        graphPass.forward(input.floats, weights: graphWeights)
        decoderPass.setCell(cell, latentHeight: height, latentWidth: width, weights: decoderWeights)
        let latentGradient = graphPass.outputGradient
        if gradientScale != nil {
            clearBytes(latentGradient, count: height * width * network.decoder.firstWidth * 4)
        }
        var loss = 0.0
        var start = 0
        while start < sample.queryCount {
            let queries = min(block.capacity, sample.queryCount - start)
            loss += forward(
                sample, start..<(start + queries), normalization, decoderWeights,
                gradientScale: gradientScale,
                errors: errors)
            if let decoderLane, gradientScale != nil {
                decoderPass.backward(
                    block, colourGradient: colourGradient.floats, weights: decoderWeights,
                    latentGradient: latentGradient, into: decoderLane)
            }
            start += queries
        }
        if let graphLane, let decoderLane, gradientScale != nil {
            decoderLane.finishSample(cell, latentHeight: height, latentWidth: width)
            graphPass.backward(weights: graphWeights, into: graphLane)
        }
        return loss
    }

    /// Predicts a block of queries and puts the L1 loss's gradient into `colourGradient`.
    private func forward(
        _ sample: TrainingSample, _ range: Range<Int>, _ normalization: PixelNormalization,
        _ decoderWeights: DecoderWeights, gradientScale: Float?, errors: UnsafeMutablePointer<Float>?
    ) -> Double {
        let height = graphPass.height, width = graphPass.width
        block.count = 0
        for q in range {
            block.append(
                y: sample.coordinates[2 * q], x: sample.coordinates[2 * q + 1], latentHeight: height,
                latentWidth: width)
        }
        decoderPass.forward(
            block, latents: graphPass.output, weights: decoderWeights, colours: colours.floats)
        let skip =
            network.configuration.inputSkip
            ? InputSkip(pixels: input.floats, height: height, width: width) : nil
        var sum = 0.0
        for (i, q) in range.enumerated() {
            skip?.add(
                y: sample.coordinates[2 * q], x: sample.coordinates[2 * q + 1], to: colours.floats + 3 * i)
            for c in 0..<3 {
                let error =
                    colours.floats[3 * i + c]
                    - normalization.truth.normalized(sample.colours[3 * q + c], channel: c)
                errors?[3 * q + c] = error
                sum += Double(abs(error))
                colourGradient.floats[3 * i + c] = (error > 0 ? 1 : error < 0 ? -1 : 0) * (gradientScale ?? 0)
            }
        }
        return sum
    }
}
