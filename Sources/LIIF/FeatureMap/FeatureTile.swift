import CTensorKernels
package import Tensors

/// A rectangle of a feature map in BF16, [h, w, D]: what caches and `.liif` files hold.
package final class FeatureTile: Sendable {
    /// The latents that it holds.
    package let rectangle: LatentRectangle
    package let channels: Int
    /// Written only while the tile is made.
    package let values: AlignedBuffer

    /// A tile that is to be filled.
    package init(_ rectangle: LatentRectangle, channels: Int) {
        self.rectangle = rectangle
        self.channels = channels
        values = AlignedBuffer(byteCount: rectangle.height * rectangle.width * channels * 2)
    }

    private init(_ rectangle: LatentRectangle, channels: Int, values: AlignedBuffer) {
        (self.rectangle, self.channels, self.values) = (rectangle, channels, values)
    }

    /// The same latents as a tile of another map; nil if their number is not that of the rectangle.
    package func moved(to other: LatentRectangle) -> FeatureTile? {
        guard other.height == rectangle.height && other.width == rectangle.width else { return nil }
        return FeatureTile(other, channels: channels, values: values)
    }

    /// Memory that it takes.
    package var byteCount: Int { values.byteCount }

    /// Memory from one of its latents on, in the map's coordinates.
    func latent(y: Int, x: Int) -> UnsafeMutablePointer<BFloat16Bits> {
        values.bfloat16s + ((y - rectangle.y) * rectangle.width + x - rectangle.x) * channels
    }

    /// Takes over the latents of a row, in the map's coordinates, from memory in any precision.
    func fill(row y: Int, from source: UnsafeRawPointer, precision: Precision) {
        let count = rectangle.width * channels
        let target = latent(y: y, x: rectangle.x)
        switch precision {
        case .float32: liif_bf16_from_float(target, source.assumingMemoryBound(to: Float.self), count)
        case .bfloat16: copyBytes(to: target, from: source, count: count * 2)
        }
    }

    /// Hands out part of a row of latents in any precision.
    func copy(row y: Int, columns: Range<Int>, to target: UnsafeMutableRawPointer, precision: Precision) {
        let source = latent(y: y, x: columns.lowerBound), count = columns.count * channels
        switch precision {
        case .float32: liif_float_from_bf16(target.assumingMemoryBound(to: Float.self), source, count)
        case .bfloat16: copyBytes(to: target, from: source, count: count * 2)
        }
    }
}
