package import LIIF
package import NeuralNetwork
package import Tensors

/// Everything that changes while a model is trained; what a checkpoint holds.
package final class TrainingState {
    package let network: LIIFNetwork
    package let parameters: AlignedBuffer
    package let adam: Adam
    /// Exponential moving average of the parameters, if the recipe asks for one: what is validated and kept.
    package let average: AlignedBuffer?
    /// Iterations done.
    package var iteration = 0
    /// The best validation so far, dB.
    package var bestPSNR: Double?

    /// A fresh state: PyTorch's initial values, drawn from the recipe's seed.
    package init(_ network: LIIFNetwork, recipe: TrainingRecipe) {
        self.network = network
        let count = network.parameters.count
        parameters = AlignedBuffer(floats: count)
        adam = Adam(count: count, settings: recipe.adamSettings)
        average = recipe.averageDecay == nil ? nil : AlignedBuffer(floats: count)
        let initial = network.parameters.initialValues(seed: recipe.seed)
        initial.withUnsafeBufferPointer {
            copyFloats(to: parameters.floats, from: $0.baseAddress!, count: count)
        }
        if let average { copyFloats(to: average.floats, from: parameters.floats, count: count) }
    }

    /// The weights to use: the average where there is one.
    package var weights: AlignedBuffer { average ?? parameters }
}

extension TrainingRecipe {
    package var adamSettings: Adam.Settings {
        var settings = Adam.Settings()
        settings.beta1 = optimizer.beta1
        settings.beta2 = optimizer.beta2
        settings.epsilon = optimizer.epsilon
        return settings
    }

    /// The learning rate by iteration.
    package func learningRate(iterationsPerEpoch: Int) -> LearningRateSchedule {
        let decay: LearningRateSchedule.Decay =
            if let schedule, schedule.followsCosine {
                .cosine(
                    start: schedule.warmupIterations + schedule.holdIterations,
                    end: epochCount * iterationsPerEpoch, floor: schedule.floor)
            } else {
                .steps(
                    milestones: (multiStep?.milestones ?? []).map { $0 * iterationsPerEpoch },
                    factor: multiStep?.gamma ?? 1)
            }
        return LearningRateSchedule(
            base: optimizer.learningRate, warmup: schedule?.warmupIterations ?? 0, decay: decay)
    }
}
