import NeuralNetwork
import Tensors

extension LIIFModel {
    /// Whether two models differ in nothing but their parameters.
    package func isOfTheKind(of other: LIIFModel) -> Bool {
        configuration == other.configuration && normalization == other.normalization
    }

    /// The model whose parameters are the mean of this one's and others': stochastic weight averaging (Izmailov et al. 2018)
    /// when they are ends of runs that began with one another. Models that were trained apart have no useful mean.
    /// - Precondition: all are of the same kind.
    /// - Returns: The mean, with this model's `provenance` and of how many it is the mean.
    package func averaged(with others: [LIIFModel]) -> LIIFModel {
        precondition(others.allSatisfy(isOfTheKind))
        let count = network.parameters.count
        let mean = AlignedBuffer(floats: count)
        let models = [self] + others
        withExtendedLifetime(models) {
            for i in 0..<count {
                let sum = models.reduce(0.0) { $0 + Double($1.parameters.floats[i]) }
                mean.floats[i] = Float(sum / Double(models.count))
            }
        }
        var origin = provenance
        origin["mean of"] = "\(models.count) models"
        return LIIFModel(network, parameters: mean, normalization: normalization, origin: origin)
    }
}
