package import LIIF
import NeuralNetwork
package import Tensors

/// The L1 loss of a batch and its gradient, one sample per core.
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
    private let workers: Int
    private var passes: [SamplePass] = []
    private var graphWeights: GraphWeights?
    private var decoderWeights: DecoderWeights?
    private var graphLanes: [GraphGradients] = []
    private var decoderLanes: [DecoderGradients] = []

    package init(_ network: LIIFNetwork, precision: Precision, workers: Int = Workers.count) {
        self.network = network
        self.precision = precision
        self.workers = workers
        gradient = AlignedBuffer(floats: network.parameters.count)
    }

    /// Takes new parameters into use.
    package func refresh(from parameters: AlignedBuffer) throws {
        guard let graphWeights, let decoderWeights else { return }
        try graphWeights.refresh(from: parameters, passes: passes.map(\.graphPass))
        try decoderWeights.refresh(from: parameters, pass: passes[0].decoderPass)
    }

    /// Kernels are made for one input extent; another extent makes them anew.
    private func prepare(for sample: TrainingSample, parameters: AlignedBuffer) throws {
        if let pass = passes.first?.graphPass, pass.height == sample.inputHeight,
            pass.width == sample.inputWidth
        {
            return
        }
        passes = try (0..<workers).map { _ in
            try SamplePass(
                network, height: sample.inputHeight, width: sample.inputWidth, precision: precision)
        }
        graphWeights = GraphWeights(passes[0].graphPass)
        decoderWeights = DecoderWeights(passes[0].decoderPass)
        graphLanes = []
        decoderLanes = []
        try refresh(from: parameters)
    }

    /// The mean L1 loss over a batch in normalised units; `gradient` then holds its gradient.
    /// - Precondition: All inputs have the same extent and all samples as many queries.
    package func callAsFunction(_ batch: [TrainingSample], parameters: AlignedBuffer) throws -> Double {
        try prepare(for: batch[0], parameters: parameters)
        let laneCount = min(batch.count, Self.laneLimit)
        while graphLanes.count < laneCount {
            graphLanes.append(GraphGradients(passes[0].graphPass))
            decoderLanes.append(DecoderGradients(network.decoder))
        }
        let values = batch.reduce(0) { $0 + $1.colours.count }
        let scale = 1 / Float(values)
        let losses = Slots<Double>(count: batch.count)
        let (passes, graphLanes, decoderLanes) = (passes, graphLanes, decoderLanes)
        let (graphWeights, decoderWeights, normalization) = (graphWeights!, decoderWeights!, normalization)
        try Workers.run(laneCount, workers: workers) { worker, lane in
            graphLanes[lane].clear()
            decoderLanes[lane].clear()
            for item in stride(from: lane, to: batch.count, by: laneCount) {
                let loss = passes[worker].run(
                    batch[item], normalization: normalization, graphWeights: graphWeights,
                    decoderWeights: decoderWeights, gradientScale: scale, graphLane: graphLanes[lane],
                    decoderLane: decoderLanes[lane])
                losses.set(item, loss)
            }
        }
        try GraphPass.reduce(
            Array(graphLanes[..<laneCount]), passes: passes.map(\.graphPass), into: gradient)
        DecoderGradients.reduce(Array(decoderLanes[..<laneCount]), into: gradient)
        // In order, so that the sum does not depend on the workers.
        return losses.values.reduce(0, +) / Double(values)
    }

    /// Mean squared error in 0…1 units of every sample, without gradients: what validation averages as PSNR.
    package func squaredErrors(_ samples: [TrainingSample], parameters: AlignedBuffer) throws -> [Double] {
        try prepare(for: samples[0], parameters: parameters)
        let losses = Slots<Double>(count: samples.count)
        let (passes, normalization) = (passes, normalization)
        let (graphWeights, decoderWeights) = (graphWeights!, decoderWeights!)
        try Workers.run(samples.count, workers: workers) { worker, item in
            let sample = samples[item]
            var errors = [Float](repeating: 0, count: sample.colours.count)
            _ = errors.withUnsafeMutableBufferPointer {
                passes[worker].run(
                    sample, normalization: normalization, graphWeights: graphWeights,
                    decoderWeights: decoderWeights, gradientScale: nil, graphLane: nil, decoderLane: nil,
                    errors: $0.baseAddress!)
            }
            var sum = 0.0
            for (i, truth) in sample.colours.enumerated() {
                let normalized = normalization.truth.normalized(truth, channel: i % 3)
                let predicted = normalization.truth.denormalized(normalized + errors[i], channel: i % 3)
                let difference = Double(min(max(predicted, 0), 1) - truth)
                sum += difference * difference
            }
            losses.set(item, sum / Double(errors.count))
        }
        return losses.values
    }
}
