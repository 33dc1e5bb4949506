package import LIIF
package import NeuralNetwork
package import Tensors

/// Everything that changes while a model is trained; what a checkpoint holds.
package final class TrainingState {
    package let network: LIIFNetwork
    package let parameters: AlignedBuffer
    package let adam: Adam
    /// What moves the matrices in Adam's place, if the recipe asks for it; it keeps its running mean in Adam's.
    package let muon: Muon?
    /// Exponential moving average of the parameters, if the recipe asks for one: what is validated and kept.
    package let average: AlignedBuffer?
    /// Iterations done.
    package var iteration = 0
    /// Running mean of the loss, for the log; nil before the first iteration.
    package var meanLoss: Double?
    /// Samples of an epoch, repetitions included, which decide their order; nil where a checkpoint does not say it.
    package var sampleCount: Int?
    /// The best validation so far, dB.
    package var bestPSNR: Double?
    /// The `initial_weights` that the run was begun with, whatever the recipe of a resumed run says.
    package var begunWith: String?

    /// A fresh state.
    package init(_ network: LIIFNetwork, recipe: TrainingRecipe, initial: InitialWeights) throws {
        self.network = network
        begunWith = recipe.initialWeights
        let count = network.parameters.count
        parameters = AlignedBuffer(initial.values)
        muon =
            recipe.optimizer.name == .muon
            ? try Muon(network.parameters, precision: recipe.precision.orFloat32) : nil
        adam = Adam(count: count, ranges: muon?.others, settings: recipe.adamSettings)
        average = recipe.averageDecay == nil ? nil : AlignedBuffer(floats: count)
        if let average { copyFloats(to: average.floats, from: parameters.floats, count: count) }
    }

    /// Moves the parameters against their gradient.
    /// - Parameter rate: This step's learning rate.
    package func step(gradient: AlignedBuffer, rate: Double) throws {
        adam.step(parameters, gradient: gradient, rate: rate)
        try muon?.step(parameters, mean: adam.firstMoment, gradient: gradient, rate: rate)
    }

    /// Whether all numbers that a checkpoint holds are finite; rectifiers may hide from the loss that they are not.
    package var isFinite: Bool {
        [parameters, average, adam.firstMoment, adam.secondMoment].compactMap(\.self).allSatisfy { buffer in
            UnsafeBufferPointer(start: buffer.floats, count: network.parameters.count)
                .allSatisfy { $0.isFinite }
        }
    }

    /// The weights to use: the average where there is one.
    package var weights: AlignedBuffer { average ?? parameters }
}
