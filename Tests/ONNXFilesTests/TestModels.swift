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
    /// A model with random weights: the encoder's as before training, the decoder's of a gain that keeps its activations'
    /// extent, so that an error anywhere shows in the colours.
    static func random(
        _ configuration: LIIFConfiguration, normalization: PixelNormalization = .signed,
        origin: [String: String] = [:]
    ) -> LIIFModel {
        let network = LIIFNetwork(configuration)
        let parameters = AlignedBuffer(floats: network.parameters.count)
        let values = network.parameters.initialValues(seed: 1)
        for entry in network.parameters.entries {
            let gain: Float = entry.name.hasPrefix("imnet.") ? 2.5 : 1
            for i in entry.offset..<entry.offset + entry.count { parameters.floats[i] = gain * values[i] }
        }
        return LIIFModel(network, parameters: parameters, normalization: normalization, origin: origin)
    }

    /// All parameters, by name.
    var weights: [String: [Float]] {
        Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, values(of: $0).values) })
    }
}
