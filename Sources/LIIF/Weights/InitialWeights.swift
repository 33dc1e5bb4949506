import NeuralNetwork
import Tensors

/// Values that training begins with.
package struct InitialWeights: Sendable {
    /// All parameters, in their layout's order.
    package private(set) var values: [Float]
    /// Parameters that are not drawn but taken from another model, as a count of tensors and of those there are.
    package private(set) var taken = 0, total: Int

    /// PyTorch's initial values, drawn from a seed.
    package init(_ network: LIIFNetwork, seed: UInt64) {
        values = network.parameters.initialValues(seed: seed)
        total = network.parameters.entries.count
    }

    /// Another model's values where names and shapes agree, and the drawn ones elsewhere. An encoder that is the other's but
    /// deeper begins as the same function.
    package init(_ network: LIIFNetwork, from model: LIIFModel, seed: UInt64) {
        self.init(network, seed: seed)
        let encoder = network.configuration.encoder.architecture
        let other = model.configuration.encoder.architecture
        let known = Dictionary(uniqueKeysWithValues: model.layout.entries.map { ($0.name, $0) })
        for entry in network.parameters.entries {
            let place = entry.offset..<(entry.offset + entry.count)
            switch encoder.beginning(of: entry.name, from: other) {
            case .zero:
                values.replaceSubrange(place, with: repeatElement(0, count: entry.count))
            case .named(let name):
                guard let found = known[name], found.shape == entry.shape else { continue }
                values.replaceSubrange(place, with: model.values(of: found).values)
                taken += 1
            }
        }
    }
}
