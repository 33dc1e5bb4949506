import Tensors

/// The weights that every golden was made with: a formula of the tensor's name, so that no file is needed.
///
/// - Parameters:
///   - name: The state dictionary's, such as `encoder.body.0.body.0.weight`.
///   - fanIn: Product of the *weight's* extents after the first, also for a bias.
/// - Returns: Row-major elements, uniform in ±1/√fanIn.
package func formulaWeights(name: String, shape: [Int], fanIn: Int) -> [Float] {
    let seed = fnv1a64(name.utf8)
    let scale = Double(fanIn).squareRoot()
    return (0..<UInt64(shape.reduce(1, *))).map { i in
        let z = SplitMix64.mixed(seed &+ (i &+ 1) &* 0x9E37_79B9_7F4A_7C15)
        let u = Double(z >> 40) * 0x1p-24
        return Float((2 * u - 1) / scale)
    }
}

/// Fowler, Noll and Vo's FNV-1a hash in 64 bits: written apart from `Hashing`'s, as an oracle that goes its own way.
package func fnv1a64(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
