import Hashing
import NeuralNetwork
import RecipeFormat
import Tensors

extension LIIFModel {
    /// SHA-256 of what the model computes with: its specification, its normalisation and its weights. Features belong to
    /// a model with the same digest.
    package func digest() -> String {
        let text = configuration.specification.json + "\n" + normalization.mapping.json + "\n"
        let weights = UnsafeRawBufferPointer(start: parameters.pointer, count: network.parameters.count * 4)
        return withExtendedLifetime(parameters) {
            SHA256.hexadecimal(of: Array(text.utf8) + Array(weights))
        }
    }
}
