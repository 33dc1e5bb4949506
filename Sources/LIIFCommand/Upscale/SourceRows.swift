import ImageCodecs
import Imaging

/// The input's rows as two pictures that the model reads side by side: the colours, which transparent pixels take from
/// visible ones, and the alpha as a grey picture.
final class SourceRows {
    private let filled: FilledRows
    private let width: Int
    private let isTransparent: Bool
    /// Rows above this one are asked for, but not looked at.
    private let firstNeeded: Int
    private var colours, alphas: Queue

    /// Rows that one of the two has read and the other has not yet.
    private struct Queue {
        var rows: RowBuffer
        /// The row that is given next.
        var row = 0
    }

    /// - Parameters:
    ///   - source: At its first row.
    ///   - isTransparent: Whether `alpha` will be asked for.
    ///   - firstNeeded: Blank rows are given instead of those above this one.
    init(_ source: any RowSource, isTransparent: Bool, from firstNeeded: Int) {
        filled = FilledRows(source, isTransparent: isTransparent, from: firstNeeded)
        width = source.info.width
        self.isTransparent = isTransparent
        self.firstNeeded = firstNeeded
        colours = Queue(rows: RowBuffer(width: width, channels: 3))
        alphas = colours
    }

    /// The next rows of the colours, three channels in 0…1.
    func colours(_ count: Int) throws -> FloatImage { try take(count, from: \.colours) }

    /// The next rows of the alpha, three equal channels in 0…1.
    func alpha(_ count: Int) throws -> FloatImage { try take(count, from: \.alphas) }

    private func take(_ count: Int, from queue: ReferenceWritableKeyPath<SourceRows, Queue>) throws
        -> FloatImage
    {
        defer { self[keyPath: queue].row += count }
        let blank = min(count, max(0, firstNeeded - self[keyPath: queue].row))
        guard blank > 0 else { return try rows(count, from: queue) }
        let read = blank < count ? try rows(count - blank, from: queue).values : []
        return FloatImage(
            height: count, width: width, channels: 3,
            values: [Float](repeating: 0, count: blank * width * 3) + read)
    }

    /// Rows that are read.
    private func rows(_ count: Int, from queue: ReferenceWritableKeyPath<SourceRows, Queue>) throws
        -> FloatImage
    {
        while self[keyPath: queue].rows.height < count {
            let strip = try filled.next(count)
            colours.rows.push(strip.rgb())
            if isTransparent { alphas.rows.push(strip.alpha()) }
        }
        return self[keyPath: queue].rows.take(count)
    }
}
