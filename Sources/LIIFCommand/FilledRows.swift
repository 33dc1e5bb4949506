import ImageCodecs
import Imaging

/// The rows of a picture as an encoder is to see them, straight from the file, all channels: transparent pixels have the
/// colours of visible ones (`HiddenColourFill`), rounded to the file's depth. A `.liif` file keeps the same, so both ways to
/// an enlarged picture begin alike.
final class FilledRows {
    private let source: any RowSource
    /// Where there is transparency.
    private let fill: HiddenColourFill?
    /// The first row that is read: some above the first that is needed colour those below them.
    private let firstRead: Int
    /// Rows above the first that is needed which are still to come out of `fill`.
    private var rowsToDrop: Int

    /// - Parameters:
    ///   - source: At its first row.
    ///   - isTransparent: Whether some pixels may not be opaque; the last channel is alpha then.
    ///   - firstNeeded: The row to begin with.
    init(_ source: any RowSource, isTransparent: Bool, from firstNeeded: Int = 0) {
        let info = source.info
        self.source = source
        firstRead = isTransparent ? max(0, firstNeeded - HiddenColourFill.reach) : firstNeeded
        rowsToDrop = firstNeeded - firstRead
        fill =
            isTransparent
            ? HiddenColourFill(height: info.height - firstRead, width: info.width, channels: info.channels)
            : nil
    }

    /// The next rows, at least one.
    ///
    /// - Precondition: there are more.
    /// - Parameter count: How many to read from the file at a time.
    func next(_ count: Int) throws -> FloatImage {
        while source.rowsRead < firstRead {
            _ = try source.readRows(min(16, firstRead - source.rowsRead), as: UInt16.self)
        }
        while true {
            let strip = try source.floatRows(count)
            guard let fill else { return strip }
            guard let filled = fill.push(strip) else { continue }
            let dropped = min(rowsToDrop, filled.height)
            rowsToDrop -= dropped
            if dropped < filled.height { return rounded(filled.cropped(rows: dropped..<filled.height)) }
        }
    }

    private func rounded(_ rows: FloatImage) -> FloatImage {
        source.info.bitsPerSample == 16
            ? FloatImage(rows.rounded(to: UInt16.self)) : FloatImage(rows.rounded(to: UInt8.self))
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
            if try readRows(16, as: UInt16.self)!.isTransparent { return true }
        }
        return false
    }
}
