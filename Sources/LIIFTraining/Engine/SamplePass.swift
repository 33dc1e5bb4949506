import LIIF
import NeuralNetwork
import Tensors

/// One worker's forward and backward pass over one sample: the graph, then the queries in blocks, each going forward
/// and straight back, then the graph backward.
package final class SamplePass: @unchecked Sendable {
    /// How a sample's loss goes back.
    struct Descent {
        /// The factor of the sum over queries and channels in the loss.
        let scale: Float
        /// Where gradients are added.
        let graphLane: GraphGradients
        let decoderLane: Int
    }

    let graphPass: GraphPass
    /// Which of the decoder's workers this is.
    private let worker: Int
    private let input: AlignedBuffer
    private let colours: AlignedBuffer
    private let colourGradient: AlignedBuffer

    init(
        _ network: LIIFNetwork, height: Int, width: Int, precision: Precision, worker: Int, blockQueries: Int
    ) throws {
        self.worker = worker
        graphPass = try GraphPass(
            network.graph, height: height, width: width, precision: precision, training: true)
        input = AlignedBuffer(floats: height * width * 3)
        colours = AlignedBuffer(floats: blockQueries * 3)
        colourGradient = AlignedBuffer(floats: blockQueries * 3)
    }

    /// Runs over a sample and returns the loss's sum over queries and channels.
    /// - Parameters:
    ///   - descent: Where the gradient goes; nil for no backward pass.
    ///   - errors: If given, receives prediction − truth before the loss, [Q, 3] in normalised units.
    func run(
        _ sample: TrainingSample, _ engine: EngineWeights, _ descent: Descent?,
        errors: UnsafeMutablePointer<Float>? = nil
    ) -> Double {
        precondition(sample.inputHeight == graphPass.height && sample.inputWidth == graphPass.width)
        for i in 0..<sample.input.count {
            input.floats[i] = engine.normalization.input.normalized(sample.input[i], channel: i % 3)
        }
        graphPass.forward(input.floats, weights: engine.graph)
        let decoder = engine.decoder
        decoder.begin(
            EncodedSample(
                input: input.floats, map: graphPass.output,
                mapGradient: descent == nil ? nil : graphPass.outputGradient,
                cell: sample.cell), worker: worker)
        var loss = 0.0
        for start in stride(from: 0, to: sample.queryCount, by: decoder.blockQueries) {
            let range = start..<min(start + decoder.blockQueries, sample.queryCount)
            sample.coordinates.withUnsafeBufferPointer {
                decoder.forward(
                    $0.baseAddress! + 2 * start, count: range.count, worker: worker, into: colours.floats)
            }
            loss += compare(
                sample, range, engine, scale: descent?.scale ?? 0, errors: errors)
            if let descent {
                decoder.backward(colourGradient.floats, worker: worker, lane: descent.decoderLane)
            }
        }
        if let descent {
            decoder.finish(worker: worker, lane: descent.decoderLane)
            graphPass.backward(weights: engine.graph, into: descent.graphLane)
        }
        return loss
    }

    /// Puts the loss's gradient of a block of predictions into `colourGradient`.
    private func compare(
        _ sample: TrainingSample, _ range: Range<Int>, _ engine: EngineWeights, scale: Float,
        errors: UnsafeMutablePointer<Float>?
    ) -> Double {
        let (normalization, loss) = (engine.normalization.truth, engine.loss)
        var sum = 0.0
        for (i, q) in range.enumerated() {
            for c in 0..<3 {
                let truth = normalization.normalized(sample.colours[3 * q + c], channel: c)
                let error = colours.floats[3 * i + c] - truth
                errors?[3 * q + c] = error
                sum += loss.value(error)
                colourGradient.floats[3 * i + c] = loss.slope(error) * scale
            }
        }
        return sum
    }
}
