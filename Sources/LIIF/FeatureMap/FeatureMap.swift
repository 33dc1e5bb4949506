import Tensors

/// The latent codes of an image, M in the paper: [H, W, D], one code per pixel of the input, channels-last
/// in the precision that the decoder reads. Whole, or a window of rows that passes through memory.
final class FeatureMap: @unchecked Sendable {
    let height, width, channels: Int
    let precision: Precision
    private let window: RowWindow

    /// - Parameter capacity: Rows in memory; nil for all.
    init(height: Int, width: Int, channels: Int, precision: Precision, capacity: Int? = nil) {
        self.height = height
        self.width = width
        self.channels = channels
        self.precision = precision
        window = RowWindow(
            height: height, rowBytes: width * channels * precision.bytes, capacity: capacity ?? height)
    }

    /// Rows that there is memory for.
    var capacity: Int { window.capacity }

    /// One past the last row that is there.
    var end: Int { window.end }

    /// Memory from a row on; −1 and `height` are rows of zeros.
    func row(_ y: Int) -> UnsafeMutableRawPointer { window.row(y) }

    /// Rows above this one are not needed any more.
    func discard(before row: Int) { window.discard(before: row) }

    /// Puts the next rows in place, [rows, W, D].
    func append(_ rows: Int, from source: UnsafePointer<Float>) {
        copyFloats(to: window.append(rows), as: precision, from: source, count: rows * width * channels)
    }

    /// Memory for the next rows, which then count as there.
    func append(_ rows: Int) -> UnsafeMutableRawPointer { window.append(rows) }

    /// All features as floats, [H, W, D].
    /// - Precondition: the map is whole.
    var values: [Float] {
        let count = height * width * channels
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            copyFloats(to: buffer.baseAddress!, from: row(0), as: precision, count: count)
            initialized = count
        }
    }
}
