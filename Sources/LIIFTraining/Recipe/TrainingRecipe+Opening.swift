import LIIF
package import NeuralNetwork

extension TrainingRecipe {
    /// What the run begins with: drawn from the seed, or a model's weights as far as they fit.
    /// - Throws: what reading a model throws; `TrainerError.nothingInCommon`.
    func openInitialWeights(_ network: LIIFNetwork) throws -> InitialWeights {
        guard let name = initialWeights else { return InitialWeights(network, seed: seed) }
        let model =
            switch try ModelFolder.standard().resolve(name) {
            case .embedded: try LIIFModel.default()
            case .file(let path): try LIIFModel(contentsOf: path)
            }
        let initial = InitialWeights(network, from: model, seed: seed)
        guard initial.taken > 0 else { throw TrainerError.nothingInCommon(name) }
        return initial
    }

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
                    // The run ends before the others come.
                    milestones: (multiStep?.milestones ?? []).filter { $0 < epochCount }.map {
                        $0 * iterationsPerEpoch
                    },
                    factor: multiStep?.gamma ?? 1)
            }
        return LearningRateSchedule(
            base: optimizer.learningRate, warmup: schedule?.warmupIterations ?? 0, decay: decay)
    }
}
