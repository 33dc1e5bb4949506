public import Imaging

extension LIIFModel {
    /// Up-scales an image eight times, flipped and turned in each way that a square allows, and averages the results
    /// turned back (geometric self-ensemble, Lim et al. 2017, §3.4). Eight times the work for about a tenth of a dB.
    ///
    /// The sum of the results is in memory as a whole: 12 bytes a pixel, twice.
    /// - Parameters:
    ///   - image: Colours in 0…1, three channels.
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - precision: What the model computes in; by default the fastest that the processor has.
    ///   - progress: Called after each of the eight.
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for.
    public func upscaledBySelfEnsemble(
        _ image: FloatImage, height: Int, width: Int, precision: InferencePrecision = .fastest,
        progress: (_ done: Int, _ of: Int) throws -> Void = { _, _ in }
    ) throws -> FloatImage {
        var sum = [Float](repeating: 0, count: height * width * 3)
        let symmetries = Symmetry.all
        for (i, symmetry) in symmetries.enumerated() {
            let turned = symmetry.applied(to: image)
            let extent = symmetry.transposes ? (height: width, width: height) : (height: height, width: width)
            let encoded = try encode(turned, precision: precision)
            var row = 0
            try encoded.render(height: extent.height, width: extent.width) { strip in
                symmetry.addInverse(of: strip, at: row, of: extent, to: &sum)
                row += strip.height
            }
            try progress(i + 1, symmetries.count)
        }
        let share = 1 / Float(symmetries.count)
        return FloatImage(height: height, width: width, channels: 3, values: sum.map { $0 * share })
    }
}

/// A way to lay a square onto itself: first rows and columns are exchanged or not, then each is reversed or not.
struct Symmetry: Sendable {
    let transposes, reversesRows, reversesColumns: Bool

    /// All eight, the identity first.
    static let all: [Symmetry] = [false, true].flatMap { transposes in
        [false, true].flatMap { rows in
            [false, true].map {
                Symmetry(transposes: transposes, reversesRows: rows, reversesColumns: $0)
            }
        }
    }

    /// The pixel of the source that stands at (y, x) of the result, whose extent is given.
    private func origin(_ y: Int, _ x: Int, _ extent: (height: Int, width: Int)) -> (y: Int, x: Int) {
        let row = reversesRows ? extent.height - 1 - y : y
        let column = reversesColumns ? extent.width - 1 - x : x
        return transposes ? (column, row) : (row, column)
    }

    func applied(to image: FloatImage) -> FloatImage {
        let extent =
            transposes
            ? (height: image.width, width: image.height) : (height: image.height, width: image.width)
        var values: [Float] = []
        values.reserveCapacity(image.values.count)
        for y in 0..<extent.height {
            for x in 0..<extent.width {
                let from = origin(y, x, extent)
                let start = (from.y * image.width + from.x) * image.channels
                values.append(contentsOf: image.values[start..<(start + image.channels)])
            }
        }
        return FloatImage(
            height: extent.height, width: extent.width, channels: image.channels, values: values)
    }

    /// Adds rows of a picture of some extent to where they were before this symmetry.
    func addInverse(
        of strip: FloatImage, at firstRow: Int, of extent: (height: Int, width: Int), to sum: inout [Float]
    ) {
        let width = transposes ? extent.height : extent.width
        for y in 0..<strip.height {
            for x in 0..<strip.width {
                let to = origin(firstRow + y, x, extent)
                for c in 0..<3 {
                    sum[(to.y * width + to.x) * 3 + c] += strip.values[(y * strip.width + x) * 3 + c]
                }
            }
        }
    }
}
