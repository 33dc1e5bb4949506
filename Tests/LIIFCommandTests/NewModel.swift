import LIIF
import NeuralNetwork
import Tensors

/// A model with initial weights of a fixed seed.
func newModel(_ configuration: LIIFConfiguration) -> LIIFModel { newModel(.liif(configuration)) }

/// A model with initial weights of a fixed seed.
func newModel(_ configuration: ModelConfiguration) -> LIIFModel {
    let network = LIIFNetwork(configuration)
    let parameters = AlignedBuffer(floats: network.parameters.count)
    for (index, value) in network.parameters.initialValues(seed: 1).enumerated() {
        parameters.floats[index] = value
    }
    return LIIFModel(network, parameters: parameters, origin: ["author": "a test"])
}
