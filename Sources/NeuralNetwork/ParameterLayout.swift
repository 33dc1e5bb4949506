import Hashing
import Tensors

/// Names, shapes and places of a network's parameters in one flat array of floats.
///
/// Names are PyTorch's state-dict keys, in its order, so that files are exchanged without a table.
public struct ParameterLayout: Sendable, Equatable {
    /// One parameter tensor.
    public struct Entry: Sendable, Equatable {
        /// State-dict key, `encoder.head.0.weight`, say.
        public let name: String
        /// Extents, outermost first.
        public let shape: [Int]
        /// First element in the flat array.
        public let offset: Int
        /// Inputs of one output of the layer: scales the initial values.
        public let fanIn: Int

        /// Number of elements.
        public var count: Int { shape.reduce(1, *) }
    }

    /// All parameters in state-dict order.
    public private(set) var entries: [Entry] = []
    /// Elements in all.
    public private(set) var count = 0

    package init() {}

    /// Reserves a parameter's place and returns its offset.
    package mutating func add(_ name: String, shape: [Int], fanIn: Int) -> Int {
        precondition(!entries.contains { $0.name == name }, "two parameters named \(name)")
        let offset = count
        entries.append(Entry(name: name, shape: shape, offset: offset, fanIn: fanIn))
        count += entries.last!.count
        return offset
    }

    /// PyTorch's initial values for convolutions and linear layers: uniform in ±1/√fanIn.
    ///
    /// A parameter's values depend on the seed and its own name only.
    package func initialValues(seed: UInt64) -> [Float] {
        var values = [Float](repeating: 0, count: count)
        for entry in entries {
            var random = SplitMix64(seed: seed ^ fnv1a(entry.name))
            let bound = 1 / Float(entry.fanIn).squareRoot()
            for i in 0..<entry.count { values[entry.offset + i] = (2 * random.unitFloat() - 1) * bound }
        }
        return values
    }
}
