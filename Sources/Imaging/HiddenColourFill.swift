/// Gives transparent pixels the colours of the visible ones near them, in a picture that passes in strips.
///
/// What a file stores under full transparency is nobody's colour, and a network that looks at it brings it back at the
/// visible border as a fringe. A pixel of alpha a becomes w·colour + (1 − w)·mean, where w = min(1, 16 a) and the mean is of
/// the premultiplied colours in a square around it, divided by that of the alphas: what a premultiplied filter would show
/// there. Pixels of alpha 1/16 and more keep their colours, for glass and smoke are coloured too; below, an 8-bit file that
/// was premultiplied once has fewer than 16 levels left of a colour, so the mean fades in. Where nothing in the
/// square is visible, the mean is middle grey; elsewhere a picture of one colour stays as it is.
///
/// The sums are of whole numbers, so the result does not depend on where the stream began.
public final class HiddenColourFill {
    /// Half the square's side, less a half.
    public static let reach = 16
    /// The inverse of the alpha from which on a pixel keeps its colour.
    private static let opaqueness: Float = 16

    private let height, width, channels: Int
    /// Rows that are not given back yet, from `first` on, and some above them.
    private var rows: [[Float]] = []
    private var first = 0
    private var read = 0
    private var given = 0
    /// By column: colours times alpha and alpha, in 65535ths, over the rows of the square.
    private var sums: [Double]

    private static let unit: Double = 65535

    /// - Parameters:
    ///   - height: Rows that will come.
    ///   - width: Extent of the rows.
    ///   - channels: 2 or 4; the last is alpha.
    public init(height: Int, width: Int, channels: Int) {
        precondition(height > 0 && width > 0 && (channels == 2 || channels == 4))
        (self.height, self.width, self.channels) = (height, width, channels)
        sums = [Double](repeating: 0, count: width * channels)
    }

    /// Takes in the next rows, colours and alpha in 0…1, and gives those that are complete; nil if none. After the last row has
    /// come, all have been given.
    ///
    /// - Precondition: the strip has the width and channels that were said.
    public func push(_ strip: FloatImage) -> FloatImage? {
        precondition(strip.width == width && strip.channels == channels, "the strip does not fit")
        let length = width * channels
        var made: [Float] = []
        for row in 0..<strip.height {
            rows.append(Array(strip.values[(row * length)..<((row + 1) * length)]))
            add(rows[rows.count - 1], sign: 1)
            read += 1
            while given < height && read > min(given + Self.reach, height - 1) {
                if given - Self.reach > first {
                    add(rows.removeFirst(), sign: -1)
                    first += 1
                }
                made += filled(rows[given - first])
                given += 1
            }
        }
        guard !made.isEmpty else { return nil }
        return FloatImage(height: made.count / length, width: width, channels: channels, values: made)
    }

    private func add(_ row: [Float], sign: Double) {
        for pixel in stride(from: 0, to: row.count, by: channels) {
            let alpha = (Double(row[pixel + channels - 1]) * Self.unit).rounded()
            for i in pixel..<pixel + channels - 1 {
                sums[i] += sign * alpha * (Double(row[i]) * Self.unit).rounded()
            }
            sums[pixel + channels - 1] += sign * alpha
        }
    }

    private func filled(_ row: [Float]) -> [Float] {
        var result = row
        // The sums over the columns of the square move along the row.
        var square = [Double](repeating: 0, count: channels)
        var (left, right) = (0, 0)
        for x in 0..<width {
            while right < min(x + Self.reach + 1, width) {
                for c in 0..<channels { square[c] += sums[right * channels + c] }
                right += 1
            }
            if left < x - Self.reach {
                for c in 0..<channels { square[c] -= sums[left * channels + c] }
                left += 1
            }
            let pixel = x * channels
            let weight = Self.opaqueness * row[pixel + channels - 1]
            guard weight < 1 else { continue }
            for c in 0..<channels - 1 {
                let total = square[channels - 1]
                let mean = total > 0 ? Float(square[c] / total / Self.unit) : 0.5
                result[pixel + c] = weight * row[pixel + c] + (1 - weight) * mean
            }
        }
        return result
    }
}
