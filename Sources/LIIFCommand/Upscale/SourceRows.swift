import ImageCodecs
import Imaging

/// The input's rows, straight from the file, as two pictures that the model reads side by side: the colours, which
/// transparent pixels take from visible ones, and the alpha as a grey picture.
final class SourceRows {
    private let source: any RowSource
    /// Where there is transparency.
    private let fill: HiddenColourFill?
    /// Rows that have come out of it.
    private var rowsFilled = 0
    /// The first row that is read: some above the first that is needed colour those below them.
    private let firstRead: Int
    /// Rows above this one are asked for, but not looked at.
    private let firstNeeded: Int
    /// Rows that one of the two has read and the other has not yet.
    private var colours = Queue()
    private var alphas = Queue()

    private struct Queue {
        var values: [Float] = []
        /// The row that is given next.
        var row = 0
    }

    /// - Parameters:
    ///   - isTransparent: Whether `alpha` will be asked for.
    ///   - firstNeeded: Blank rows are given instead of those above this one.
    init(_ source: any RowSource, isTransparent: Bool, from firstNeeded: Int) {
        self.source = source
        self.firstNeeded = firstNeeded
        firstRead = isTransparent ? max(0, firstNeeded - HiddenColourFill.reach) : firstNeeded
        fill =
            isTransparent
            ? HiddenColourFill(
                height: source.info.height - firstRead, width: source.info.width,
                channels: source.info.channels) : nil
    }

    private var rowLength: Int { source.info.width * 3 }

    /// The next rows of the colours, three channels in 0…1.
    func colours(_ count: Int) throws -> FloatImage { try take(count, from: \.colours) }

    /// The next rows of the alpha, three equal channels in 0…1.
    func alpha(_ count: Int) throws -> FloatImage { try take(count, from: \.alphas) }

    private func take(_ count: Int, from queue: ReferenceWritableKeyPath<SourceRows, Queue>) throws
        -> FloatImage
    {
        let (width, length) = (source.info.width, count * rowLength)
        defer { self[keyPath: queue].row += count }
        guard self[keyPath: queue].row >= firstNeeded else {
            return FloatImage(
                height: count, width: width, channels: 3, values: [Float](repeating: 0, count: length))
        }
        while self[keyPath: queue].values.count < length { try read(count) }
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

    private func read(_ count: Int) throws {
        while source.rowsRead < firstRead {
            _ = try source.readRows(min(16, firstRead - source.rowsRead), as: UInt16.self)
        }
        let strip = try source.floatRows(count)
        guard let fill else { return append(strip, droppingRows: 0) }
        if let filled = fill.push(strip) {
            append(filled, droppingRows: max(0, firstNeeded - firstRead - rowsFilled))
            rowsFilled += filled.height
        }
    }

    private func append(_ strip: FloatImage, droppingRows dropped: Int) {
        guard dropped < strip.height else { return }
        let (channels, values) = (strip.channels, strip.values)
        guard channels != 3 else { return colours.values += values }
        for pixel in stride(from: dropped * strip.width * channels, to: values.count, by: channels) {
            for colour in 0..<3 { colours.values.append(values[pixel + (channels == 4 ? colour : 0)]) }
            if fill != nil { for _ in 0..<3 { alphas.values.append(values[pixel + channels - 1]) } }
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
