import LIIF
import NeuralNetwork
import Tensors

/// A model with initial weights of a fixed seed.
func newModel(_ configuration: LIIFConfiguration, seed: UInt64 = 1) -> LIIFModel {
    newModel(.liif(configuration), seed: seed)
}

/// A model with initial weights of a fixed seed.
func newModel(_ configuration: ModelConfiguration, seed: UInt64 = 1) -> LIIFModel {
    let network = LIIFNetwork(configuration)
    let parameters = AlignedBuffer(floats: network.parameters.count)
    for (index, value) in network.parameters.initialValues(seed: seed).enumerated() {
        parameters.floats[index] = value
    }
    return LIIFModel(network, parameters: parameters, origin: ["author": "a test"])
}

/// A model so small that runs of the program take no time, with an input skip, so that it shows its input.
func smallModel(seed: UInt64 = 1) -> LIIFModel {
    var configuration = LIIFConfiguration()
    configuration.encoder = .edsr(blocks: 2, channels: 8, residualScale: 1)
    configuration.hiddenWidths = [16]
    configuration.inputSkip = true
    return newModel(configuration, seed: seed)
}
