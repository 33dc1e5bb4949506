import Imaging

/// Rows that arrive in strips of any height and are taken in others.
struct RowBuffer {
    private let width, channels: Int
    private var values: [Float] = []

    init(width: Int, channels: Int) { (self.width, self.channels) = (width, channels) }

    /// Rows that have arrived and are not taken yet.
    var height: Int { values.count / (width * channels) }

    /// Takes in the next rows.
    mutating func push(_ strip: FloatImage) {
        precondition(strip.width == width && strip.channels == channels, "the strip does not fit")
        if values.isEmpty { values = strip.values } else { values += strip.values }
    }

    /// The next `count` rows.
    ///
    /// - Precondition: they are there.
    mutating func take(_ count: Int) -> FloatImage {
        let length = count * width * channels
        precondition(length <= values.count, "the rows have not arrived")
        var taken: [Float] = []
        if length == values.count {
            swap(&taken, &values)
        } else {
            taken = Array(values[..<length])
            values.removeFirst(length)
        }
        return FloatImage(height: count, width: width, channels: channels, values: taken)
    }
}
