import Imaging
import Tensors

/// The greatest activation of each hidden layer, which decides what one step of its integers means.
///
/// Measured on a small test picture rather than on the image at hand, so that an image's parts, strips and
/// resolutions all decode alike. Rectified activations beyond the range saturate.
struct ActivationRanges: Sendable {
    /// By hidden layer, the first included; above 0.
    let maxima: [Float]

    /// Extent of the test picture, and queries by pixel size.
    private static let extent = 32
    private static let queries = 256
    /// Pixels of the source's extent and of fractions of it.
    private static let scales: [Float] = [1, 2, 4, 16]

    /// Whether pixels are no larger than the largest that was measured, but for rounding: larger ones, as reductions have, raise
    /// activations without end.
    /// - Parameter told: What the decoding function is told of their extent, `DecoderLayout.relativeCell`.
    static func cover(_ told: Cell) -> Bool { max(told.height, told.width) <= 1.001 * 2 / scales.min()! }

    /// Runs the model on the test picture.
    init(_ model: LIIFModel, _ layout: DecoderLayout) throws {
        let precision = Precision.fastest
        let extent = Self.extent
        let encoder = try ImageEncoder(model, Self.picture(), precision: precision, keepsAll: true)
        try encoder.encode(before: extent)
        let kernel = try LatentKernel(
            model, mapWidth: extent, precision: precision, workers: 1)
        let latents = AlignedBuffer(floats: extent * kernel.rowCount)
        try kernel.compute(0..<extent, of: encoder.features, into: latents.floats)

        let pass = try DecoderPass(
            layout, capacity: Self.queries / 4, precision: precision, training: false, keepsActivations: true)
        let weights = DecoderWeights(pass)
        try weights.refresh(from: model.parameters, pass: pass)
        let block = QueryBlock(capacity: pass.capacity, corners: layout.corners)
        let colours = AlignedBuffer(floats: 3 * pass.capacity)
        var random = SplitMix64(seed: 1)
        var maxima = [Float](repeating: 1e-6, count: pass.activations.count)
        for scale in Self.scales {
            let side = 2 / (scale * Float(extent))
            let cell = Cell(height: side, width: side)
            // The smallest, too, for a cell that is asked for has no limit.
            pass.setCell(
                cell, isGiven: true, latentHeight: extent, latentWidth: extent, weights: weights)
            for _ in 0..<(Self.queries / pass.capacity) {
                let coordinates = (0..<(2 * pass.capacity)).map { _ in 2 * random.unitFloat() - 1 }
                block.fill(
                    coordinates, count: pass.capacity, search: layout.search, cell: cell,
                    latentHeight: extent, latentWidth: extent)
                pass.forward(block, latents: latents.floats, weights: weights, colours: colours.floats)
                for i in maxima.indices { maxima[i] = max(maxima[i], pass.greatestActivation(of: i)) }
            }
        }
        withExtendedLifetime((latents, colours)) {}
        self.maxima = maxima
    }

    /// Noise, smooth noise, edges at all angles and a ramp, each in a quarter of the picture, 0…1.
    private static func picture() -> FloatImage {
        var random = SplitMix64(seed: 2)
        let half = extent / 2
        var values = [Float](repeating: 0, count: extent * extent * 3)
        var smooth = [Float](repeating: 0.5, count: 3)
        for y in 0..<extent {
            for x in 0..<extent {
                for c in 0..<3 {
                    let noise = random.unitFloat()
                    smooth[c] += 0.2 * (noise - smooth[c])
                    let (dy, dx) = (y % half - half / 2, x % half - half / 2)
                    values[(y * extent + x) * 3 + c] =
                        switch (y < half, x < half) {
                        case (true, true): noise
                        case (true, false): smooth[c]
                        case (false, true): dy * dy + dx * dx < half * half / 10 ? Float(c) / 2 : 1
                        case (false, false): Float((c == 0 ? x : y) % half) / Float(half - 1)
                        }
                }
            }
        }
        return FloatImage(height: extent, width: extent, channels: 3, values: values)
    }
}

extension DecoderPass {
    /// The greatest of a hidden layer's activations in the last block.
    fileprivate func greatestActivation(of layer: Int) -> Float {
        let width = layer == 0 ? layout.firstWidth : layout.hidden[layer - 1].outputs
        let activations = activations[layer]
        return (0..<(rows * width)).reduce(0) { greatest, i in
            let value =
                switch precision {
                case .float32: activations.floats[i]
                case .bfloat16: Float(bitPattern: UInt32(activations.bfloat16s[i]) << 16)
                }
            return max(greatest, value)
        }
    }
}
