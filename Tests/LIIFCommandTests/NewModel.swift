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
