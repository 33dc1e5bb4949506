package import Imaging

/// A way to lay a square onto itself: first rows and columns are exchanged or not, then each is reversed or not.
package struct Symmetry: Sendable {
    package let transposes, reversesRows, reversesColumns: Bool

    /// All eight, the identity first.
    package static let all: [Symmetry] = [false, true].flatMap { transposes in
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

    /// The extent of the result for a source's.
    package func extent(ofHeight height: Int, width: Int) -> (height: Int, width: Int) {
        transposes ? (width, height) : (height, width)
    }

    /// Where a part of a source of some extent is in the result.
    package func applied(to region: Region, ofHeight height: Int, width: Int) -> Region {
        let extent = extent(ofHeight: height, width: width)
        var turned =
            transposes
            ? Region(y: region.x, x: region.y, height: region.width, width: region.height) : region
        if reversesRows { turned.y = max(0, Double(extent.height) - turned.y - turned.height) }
        if reversesColumns { turned.x = max(0, Double(extent.width) - turned.x - turned.width) }
        return turned
    }

    /// The rows and columns of a source of some extent that come to be these of the result.
    package func origin(
        of window: (rows: Range<Int>, columns: Range<Int>), inHeight height: Int, width: Int
    ) -> (rows: Range<Int>, columns: Range<Int>) {
        let extent = extent(ofHeight: height, width: width)
        func reversed(_ range: Range<Int>, _ extent: Int) -> Range<Int> {
            extent - range.upperBound..<extent - range.lowerBound
        }
        let rows = reversesRows ? reversed(window.rows, extent.height) : window.rows
        let columns = reversesColumns ? reversed(window.columns, extent.width) : window.columns
        return transposes ? (columns, rows) : (rows, columns)
    }

    package func applied(to image: FloatImage) -> FloatImage {
        let extent = extent(ofHeight: image.height, width: image.width)
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
    package func addInverse(
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
