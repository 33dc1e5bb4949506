import NeuralNetwork
import Tensors

extension LIIFModel {
    /// The model whose parameters are the mean of this one's and others': stochastic weight averaging (Izmailov et al. 2018)
    /// when they are ends of runs that began with one another. Models that were trained apart have no useful mean.
    /// - Parameter others: Of the same configuration and normalisation.
    /// - Returns: The mean, with this model's `origin`; nil where a model is of another kind.
    package func averaged(with others: [LIIFModel]) -> LIIFModel? {
        guard others.allSatisfy({ $0.configuration == configuration && $0.normalization == normalization })
        else { return nil }
        let count = network.parameters.count
        let mean = AlignedBuffer(floats: count)
        let models = [self] + others
        withExtendedLifetime(models) {
            for i in 0..<count {
                let sum = models.reduce(0.0) { $0 + Double($1.parameters.floats[i]) }
                mean.floats[i] = Float(sum / Double(models.count))
            }
        }
        return LIIFModel(network, parameters: mean, normalization: normalization, origin: origin)
    }
}
