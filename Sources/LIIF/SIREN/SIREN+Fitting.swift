import Foundation
public import Imaging
import NeuralNetwork
package import Tensors

extension SIREN {
    /// How a SIREN is fitted: Adam on the mean squared error of all pixels at once.
    public struct Fitting: Sendable, Equatable {
        /// Steps of Adam, at least 1.
        public var iterations = 1000
        /// Adam's rate.
        public var learningRate = 1e-4
        /// Decides the initial weights.
        public var seed: UInt64 = 1

        /// The original implementation's rate.
        public init() {}
    }

    /// How far a fit has come.
    public struct Progress: Sendable {
        /// Steps done.
        public var iteration: Int
        /// PSNR of the picture that the network drew in this step, in dB: RGB, not clamped.
        public var psnr: Double
    }

    /// Fits a network to a picture's own pixels. The same picture and settings give the same bits.
    /// - Parameters:
    ///   - image: Grey becomes RGB; alpha is not looked at.
    ///   - configuration: What the network is made of; by default the baseline's.
    ///   - settings: How it is fitted; by default as the baseline is.
    ///   - report: Called after every step.
    /// - Throws: what `report` throws; the fit ends there. `TensorError` where oneDNN refuses.
    public convenience init(
        fitting image: Image<UInt8>, configuration: Configuration = Configuration(),
        settings: Fitting = Fitting(), report: (Progress) throws -> Void = { _ in }
    ) throws {
        let engine = try SIRENFitter(image, configuration: configuration, seed: settings.seed)
        let adam = Adam(count: engine.layout.parameters.count)
        precondition(settings.iterations > 0, "a network is fitted in at least one step")
        for iteration in 1...settings.iterations {
            let loss = try engine.gradientOfLoss()
            adam.step(engine.parameters, gradient: engine.gradient, rate: settings.learningRate)
            // In the network's units colours span 2, so the peak's square is 4.
            try report(Progress(iteration: iteration, psnr: -10 * log10(loss / 4)))
        }
        self.init(configuration, layout: engine.layout, parameters: engine.parameters)
    }
}

/// The loss of a SIREN on a picture and its gradient. Blocks of pixels are dealt to lanes by position and lanes are
/// summed in order, so the result is the same bits whatever the number of cores.
package final class SIRENFitter {
    private static let laneLimit = 16

    let layout: SIRENLayout
    package let parameters: AlignedBuffer
    /// The flat gradient of all parameters, of the last call.
    package let gradient: AlignedBuffer
    private let height, width: Int
    /// The picture's colours, [H·W, 3], −1…1.
    private let colours: [Float]
    private let passes: [SIRENPass]
    private let weights: SIRENWeights
    private let lanes: [SIRENGradients]

    package init(_ image: Image<UInt8>, configuration: SIREN.Configuration, seed: UInt64) throws {
        let layout = SIRENLayout(configuration)
        self.layout = layout
        (height, width) = (image.height, image.width)
        colours = FloatImage(image.rgb()).values.enumerated().map { index, value in
            PixelNormalization.signed.truth.normalized(value, channel: index % 3)
        }
        let count = layout.parameters.count
        parameters = AlignedBuffer(layout.initialValues(seed: seed, frequency: configuration.frequency))
        gradient = AlignedBuffer(floats: count)
        passes = try (0..<Workers.count).map { _ in
            try SIRENPass(layout, frequency: configuration.frequency, training: true)
        }
        weights = SIRENWeights(passes[0])
        let blocks = (height * width + SIRENPass.capacity - 1) / SIRENPass.capacity
        lanes = (0..<min(Self.laneLimit, blocks)).map { _ in SIRENGradients(layout) }
    }

    /// The mean squared error over all pixels and channels in the network's units; `gradient` then holds its
    /// gradient.
    package func gradientOfLoss() throws -> Double {
        try weights.refresh(from: parameters, pass: passes[0])
        let pixels = height * width
        let blocks = (pixels + SIRENPass.capacity - 1) / SIRENPass.capacity
        let (lanes, passes, weights, colours) = (lanes, passes, weights, colours)
        let (height, width) = (height, width)
        let scale = 2 / Float(pixels * 3)
        try Workers.run(lanes.count) { worker, index in
            let (pass, lane) = (passes[worker], lanes[index])
            lane.clear()
            for block in stride(from: index, to: blocks, by: lanes.count) {
                let start = block * SIRENPass.capacity
                let count = min(SIRENPass.capacity, pixels - start)
                for row in 0..<count {
                    let (y, x) = (start + row).quotientAndRemainder(dividingBy: width)
                    pass.setCoordinate(
                        row, y: LocalEnsemble.pixelCentre(y, of: height),
                        x: LocalEnsemble.pixelCentre(x, of: width))
                }
                pass.forward(weights)
                for i in 0..<SIRENPass.capacity * 3 {
                    // Rows that only fill up the block contribute nothing.
                    let error = i < count * 3 ? pass.output[i] - colours[start * 3 + i] : 0
                    pass.outputGradient[i] = error * scale
                    lane.loss += Double(error * error)
                }
                pass.backward(weights, into: lane)
            }
        }
        return SIRENGradients.reduce(lanes, into: gradient) / Double(pixels * 3)
    }
}
