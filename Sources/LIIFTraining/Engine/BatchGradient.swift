package import LIIF
import NeuralNetwork
package import Tensors

/// The loss of a batch and its gradient, one sample per core.
///
/// Samples are dealt to lanes by position and lanes are summed in order, so the result is the same bits
/// whatever the number of workers and whichever of them is held up.
package final class BatchGradient {
    /// Lanes at the most; more would cost memory and balance no better.
    static let laneLimit = 16

    package let network: LIIFNetwork
    package let precision: Precision
    /// The flat gradient of all parameters, of the last call.
    package let gradient: AlignedBuffer
    package var normalization = PixelNormalization.signed
    package var loss = TrainingLoss.l1
    private let workers: Int
    private var passes: [SamplePass] = []
    private var weights: EngineWeights?
    private var graphLanes: [GraphGradients] = []

    package init(_ network: LIIFNetwork, precision: Precision, workers: Int = Workers.count) {
        self.network = network
        self.precision = precision
        self.workers = workers
        gradient = AlignedBuffer(floats: network.parameters.count)
    }

    /// Takes new parameters into use.
    package func refresh(from parameters: AlignedBuffer) throws {
        guard let weights else { return }
        try weights.graph.refresh(from: parameters, passes: passes.map(\.graphPass))
        try weights.decoder.refresh(from: parameters)
    }

    /// - Throws: `TrainerError.otherScale` for a sample that an up-sampling module cannot learn from.
    func check(_ sample: TrainingSample) throws {
        guard let scale = network.configuration.fixedScale else { return }
        guard
            sample.truthHeight == scale * sample.inputHeight,
            sample.truthWidth == scale * sample.inputWidth
        else {
            throw TrainerError.otherScale(
                scale, input: .init(height: sample.inputHeight, width: sample.inputWidth),
                truth: .init(height: sample.truthHeight, width: sample.truthWidth))
        }
    }

    /// Kernels are made for one input extent; another extent makes them anew.
    private func prepare(for batch: [TrainingSample], parameters: AlignedBuffer) throws -> EngineWeights {
        for sample in batch { try check(sample) }
        let (height, width) = (batch[0].inputHeight, batch[0].inputWidth)
        if let other = batch.first(where: { $0.inputHeight != height || $0.inputWidth != width }) {
            throw TrainerError.unequalInputs(
                .init(height: height, width: width),
                .init(height: other.inputHeight, width: other.inputWidth))
        }
        if var weights, let pass = passes.first?.graphPass, pass.height == height, pass.width == width {
            (weights.normalization, weights.loss) = (normalization, loss)
            return weights
        }
        let decoder = try network.decoderTraining(
            height: height, width: width, precision: precision, workers: workers)
        passes = try (0..<workers).map { worker in
            try SamplePass(
                network, height: height, width: width, precision: precision, worker: worker,
                blockQueries: decoder.blockQueries)
        }
        let made = EngineWeights(
            graph: GraphWeights(passes[0].graphPass), decoder: decoder, normalization: normalization,
            loss: loss)
        weights = made
        graphLanes = []
        try refresh(from: parameters)
        return made
    }

    /// The mean loss over a batch in normalised units; `gradient` then holds its gradient.
    /// - Precondition: All samples have as many queries.
    /// - Throws: `TrainerError.unequalInputs`; `otherScale` for samples that an up-sampling module cannot learn from.
    package func callAsFunction(_ batch: [TrainingSample], parameters: AlignedBuffer) throws -> Double {
        let weights = try prepare(for: batch, parameters: parameters)
        let laneCount = min(batch.count, Self.laneLimit)
        while graphLanes.count < laneCount { graphLanes.append(GraphGradients(passes[0].graphPass)) }
        weights.decoder.reserve(lanes: laneCount)
        let values = batch.reduce(0) { $0 + $1.colours.count }
        let scale = 1 / Float(values)
        let losses = Slots<Double>(count: batch.count)
        let (passes, graphLanes) = (passes, graphLanes)
        try Workers.run(laneCount, workers: workers) { worker, lane in
            graphLanes[lane].clear()
            weights.decoder.clear(lane: lane)
            let descent = SamplePass.Descent(
                scale: scale, graphLane: graphLanes[lane], decoderLane: lane)
            for item in stride(from: lane, to: batch.count, by: laneCount) {
                losses.set(item, passes[worker].run(batch[item], weights, descent))
            }
        }
        try GraphPass.reduce(
            Array(graphLanes[..<laneCount]), passes: passes.map(\.graphPass), into: gradient)
        try weights.decoder.reduce(lanes: laneCount, into: gradient)
        // In order, so that the sum does not depend on the workers.
        return losses.values.reduce(0, +) / Double(values)
    }

    /// Mean squared error in 0…1 units of every sample, without gradients: what validation averages as PSNR.
    /// - Parameter evaluation: Which pixels and channels count; anything but `none` needs whole pictures.
    /// - Throws: `TrainerError.unequalInputs`; `notMeasurable` for samples that the protocol cannot measure.
    package func squaredErrors(
        _ samples: [TrainingSample], parameters: AlignedBuffer, evaluation: EvaluationProtocol = .none
    ) throws -> [Double] {
        let weights = try prepare(for: samples, parameters: parameters)
        for sample in samples { try evaluation.check(sample) }
        let losses = Slots<Double>(count: samples.count)
        let (passes, truth) = (passes, normalization.truth)
        try Workers.run(samples.count, workers: workers) { worker, item in
            let sample = samples[item]
            var errors = [Float](repeating: 0, count: sample.colours.count)
            _ = errors.withUnsafeMutableBufferPointer {
                passes[worker].run(sample, weights, nil, errors: $0.baseAddress!)
            }
            func difference(_ i: Int) -> Double {
                let normalized = truth.normalized(sample.colours[i], channel: i % 3)
                let predicted = truth.denormalized(normalized + errors[i], channel: i % 3)
                return clampedDifference(predicted, Double(sample.colours[i]))
            }
            if evaluation == .none {
                let sum = errors.indices.reduce(0) { $0 + difference($1) * difference($1) }
                losses.set(item, sum / Double(errors.count))
            } else {
                losses.set(
                    item,
                    evaluation.meanSquaredError(
                        height: sample.truthHeight, width: sample.truthWidth, difference: difference))
            }
        }
        return losses.values
    }
}

extension EvaluationProtocol {
    /// - Throws: `TrainerError.notMeasurable`.
    func check(_ sample: TrainingSample) throws {
        let (height, width) = (sample.truthHeight, sample.truthWidth)
        guard self == .none || (sample.isWhole && measures(height: height, width: width))
        else {
            throw TrainerError.notMeasurable(
                self, points: sample.queryCount, of: .init(height: height, width: width))
        }
    }
}

/// What all workers share while a batch is run.
struct EngineWeights: Sendable {
    let graph: GraphWeights
    let decoder: any DecoderTraining
    var normalization: PixelNormalization
    var loss: TrainingLoss
}
