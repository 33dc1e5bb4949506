import ImageCodecs
import Imaging

/// The input's rows, straight from the file, as two pictures that the model reads side by side: the colours,
/// multiplied by the alpha where there is some, and the alpha as a grey picture.
final class SourceRows {
    private let source: any RowSource
    private let hasAlpha: Bool
    /// Rows above this one are asked for, but not looked at.
    var firstNeeded = 0
    /// Rows that one of the two has read and the other has not yet.
    private var colours = Queue()
    private var alphas = Queue()

    private struct Queue {
        var values: [Float] = []
        /// The row that is given next.
        var row = 0
    }

    /// - Parameter readsAlpha: Whether `alpha` will be asked for.
    init(_ source: any RowSource, readsAlpha: Bool) {
        self.source = source
        hasAlpha = readsAlpha
    }

    private var rowLength: Int { source.info.width * 3 }

    /// The next rows of the colours, three channels in 0…1.
    func colours(_ count: Int) throws -> FloatImage { try take(count, from: \.colours) }

    /// The next rows of the alpha, three equal channels in 0…1.
    func alpha(_ count: Int) throws -> FloatImage {
        precondition(hasAlpha)
        return try take(count, from: \.alphas)
    }

    private func take(_ count: Int, from queue: ReferenceWritableKeyPath<SourceRows, Queue>) throws
        -> FloatImage
    {
        let (width, length) = (source.info.width, count * rowLength)
        defer { self[keyPath: queue].row += count }
        guard self[keyPath: queue].row + count > firstNeeded else {
            return FloatImage(
                height: count, width: width, channels: 3, values: [Float](repeating: 0, count: length))
        }
        while source.rowsRead < firstNeeded {
            _ = try source.readRows(min(16, firstNeeded - source.rowsRead), as: UInt16.self)
        }
        while self[keyPath: queue].values.count < length { append(try source.floatRows(count)) }
        let taken: [Float]
        if self[keyPath: queue].values.count == length {
            taken = self[keyPath: queue].values
            self[keyPath: queue].values = []
        } else {
            taken = Array(self[keyPath: queue].values[..<length])
            self[keyPath: queue].values.removeFirst(length)
        }
        return FloatImage(height: count, width: width, channels: 3, values: taken)
    }

    private func append(_ strip: FloatImage) {
        guard strip.channels % 2 == 0 else {
            colours.values += strip.channels == 3 ? strip.values : strip.values.flatMap { [$0, $0, $0] }
            return
        }
        let channels = strip.channels
        for pixel in stride(from: 0, to: strip.values.count, by: channels) {
            let alpha = hasAlpha ? strip.values[pixel + channels - 1] : 1
            for colour in 0..<3 {
                colours.values.append(strip.values[pixel + (channels == 4 ? colour : 0)] * alpha)
            }
            if hasAlpha { for _ in 0..<3 { alphas.values.append(alpha) } }
        }
    }
}

extension RowSource {
    /// The next rows as floats, all channels.
    ///
    /// - Precondition: at least one row is left.
    func floatRows(_ count: Int) throws -> FloatImage {
        info.bitsPerSample == 16
            ? FloatImage(try readRows(count, as: UInt16.self)!)
            : FloatImage(try readRows(count, as: UInt8.self)!)
    }

    /// Whether the picture has an alpha channel that is not full everywhere. Reads rows up to the first pixel that
    /// is not.
    func isTransparent() throws -> Bool {
        guard info.channels % 2 == 0 else { return false }
        while rowsLeft > 0 {
            let strip = try readRows(16, as: UInt16.self)!
            for i in stride(from: info.channels - 1, to: strip.samples.count, by: info.channels)
            where strip.samples[i] != .max { return true }
        }
        return false
    }
}
