import LIIF
import NeuralNetwork
import Tensors

extension LIIFConfiguration {
    /// Small, with every part of the paper's model.
    static var tiny: LIIFConfiguration {
        var configuration = LIIFConfiguration()
        configuration.encoder = .edsr(blocks: 2, channels: 8, residualScale: 1)
        configuration.hiddenWidths = [16, 16]
        return configuration
    }

    func with(_ change: (inout LIIFConfiguration) -> Void) -> LIIFConfiguration {
        var configuration = self
        change(&configuration)
        return configuration
    }
}

extension LIIFModel {
    /// A model with random weights of a gain at which an error anywhere shows in the colours.
    static func random(
        _ configuration: LIIFConfiguration, normalization: PixelNormalization = .signed,
        origin: [String: String] = [:]
    ) -> LIIFModel {
        let network = LIIFNetwork(configuration)
        let parameters = AlignedBuffer(floats: network.parameters.count)
        for (i, value) in network.parameters.initialValues(seed: 1).enumerated() {
            parameters.floats[i] = 2 * value
        }
        return LIIFModel(network, parameters: parameters, normalization: normalization, origin: origin)
    }

    /// All parameters, by name.
    var weights: [String: [Float]] {
        Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, values(of: $0).values) })
    }
}
