import CTensorKernels
package import Tensors

/// The latent codes of an image, M in the paper: [H, W, D], one code per pixel of the input.
///
/// Stored channels-last in the precision that the decoder reads, with a row of zeros above and below:
/// feature unfolding's zero padding.
package final class FeatureMap: @unchecked Sendable {
    package let height, width, channels: Int
    package let precision: Precision
    private let memory: AlignedBuffer

    package init(height: Int, width: Int, channels: Int, precision: Precision) {
        self.height = height
        self.width = width
        self.channels = channels
        self.precision = precision
        memory = AlignedBuffer(count: (height + 2) * width * channels, precision: precision)
    }

    /// Memory from a row on; −1 and `height` are the rows of zeros.
    func row(_ y: Int) -> UnsafeMutableRawPointer {
        memory.pointer + (y + 1) * width * channels * precision.bytes
    }

    /// Puts rows in place, [rows, W, D].
    func set(_ rows: Range<Int>, from source: UnsafePointer<Float>) {
        let count = rows.count * width * channels
        switch precision {
        case .float32:
            row(rows.lowerBound).copyMemory(from: source, byteCount: count * 4)
        case .bfloat16:
            liif_bf16_from_float(
                row(rows.lowerBound).assumingMemoryBound(to: BFloat16Bits.self), source, count)
        }
    }

    /// All features as floats, [H, W, D].
    package var values: [Float] {
        let count = height * width * channels
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            switch precision {
            case .float32:
                buffer.baseAddress!.initialize(
                    from: row(0).assumingMemoryBound(to: Float.self), count: count)
            case .bfloat16:
                liif_float_from_bf16(
                    buffer.baseAddress!, row(0).assumingMemoryBound(to: BFloat16Bits.self), count)
            }
            initialized = count
        }
    }
}
