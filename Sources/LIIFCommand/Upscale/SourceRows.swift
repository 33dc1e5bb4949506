import ImageCodecs
import Imaging

/// The input's rows, straight from the file, as two pictures that the model reads side by side: the colours,
/// multiplied by the alpha where there is some, and the alpha as a grey picture.
final class SourceRows {
    private let source: any RowSource
    /// Rows that one of the two has read and the other has not yet.
    private var colours: [Float] = []
    private var alphas: [Float] = []
    private let hasAlpha: Bool

    /// - Parameter readsAlpha: Whether `alpha` will be asked for.
    init(_ source: any RowSource, readsAlpha: Bool) {
        self.source = source
        hasAlpha = readsAlpha
    }

    private var rowLength: Int { source.info.width * 3 }

    /// The next rows of the colours, three channels in 0…1.
    func colours(_ count: Int) throws -> FloatImage {
        try read(until: { self.colours.count >= count * self.rowLength }, at: count)
        return take(count, from: &colours)
    }

    /// The next rows of the alpha, three equal channels in 0…1.
    func alpha(_ count: Int) throws -> FloatImage {
        precondition(hasAlpha)
        try read(until: { self.alphas.count >= count * self.rowLength }, at: count)
        return take(count, from: &alphas)
    }

    private func read(until isEnough: () -> Bool, at count: Int) throws {
        while !isEnough() { append(try source.floatRows(count)) }
    }

    private func append(_ strip: FloatImage) {
        guard strip.channels % 2 == 0 else {
            colours += strip.channels == 3 ? strip.values : strip.values.flatMap { [$0, $0, $0] }
            return
        }
        let channels = strip.channels
        for pixel in stride(from: 0, to: strip.values.count, by: channels) {
            let alpha = hasAlpha ? strip.values[pixel + channels - 1] : 1
            for colour in 0..<3 { colours.append(strip.values[pixel + (channels == 4 ? colour : 0)] * alpha) }
            if hasAlpha { for _ in 0..<3 { alphas.append(alpha) } }
        }
    }

    private func take(_ count: Int, from values: inout [Float]) -> FloatImage {
        let length = count * rowLength
        let taken: [Float]
        if values.count == length {
            taken = values
            values = []
        } else {
            taken = Array(values[..<length])
            values.removeFirst(length)
        }
        return FloatImage(height: count, width: source.info.width, channels: 3, values: taken)
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
