package import Imaging

/// Pictures of equal extent side by side on white, each with a label below.
package struct PanelSheet {
    private struct Panel {
        var label: String
        var image: Image<UInt8>
    }

    /// Panels in a row.
    let columns: Int
    private var panels: [Panel] = []

    /// White between panels, and the height of a label, in pixels.
    static let gap = 8
    static let labelHeight = 28
    /// Pixels for one of the font's.
    static let magnification = 2

    package init(columns: Int) {
        precondition(columns > 0)
        self.columns = columns
    }

    /// - Precondition: all panels are RGB and of one extent.
    package mutating func add(_ label: String, _ image: Image<UInt8>) {
        precondition(image.channels == 3)
        if let first = panels.first?.image {
            precondition(first.width == image.width && first.height == image.height)
        }
        panels.append(Panel(label: label, image: image))
    }

    /// The sheet.
    ///
    /// - Precondition: there is a panel.
    package func drawn() -> Image<UInt8> {
        let (width, height) = (panels[0].image.width, panels[0].image.height)
        let columns = min(columns, panels.count)
        let rows = (panels.count + columns - 1) / columns
        let pitch = (y: height + Self.labelHeight, x: width + Self.gap)
        var sheet = Image<UInt8>(
            width: columns * pitch.x - Self.gap, height: rows * pitch.y, channels: 3, repeating: 255)
        for (index, panel) in panels.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let (top, left) = (row * pitch.y, column * pitch.x)
            sheet.paste(panel.image, y: top, x: left)
            let text = BitmapFont.width(of: panel.label) * Self.magnification
            sheet.draw(
                panel.label,
                y: top + height + (Self.labelHeight - BitmapFont.height * Self.magnification) / 2,
                x: left + max(0, width - text) / 2, magnification: Self.magnification)
        }
        return sheet
    }
}

extension Image<UInt8> {
    /// Another picture put over this one; what would leave it is cut off.
    fileprivate mutating func paste(_ other: Image<UInt8>, y: Int, x: Int) {
        for row in 0..<Swift.min(other.height, height - y) {
            let count = Swift.min(other.width, width - x) * channels
            let (from, to) = (row * other.width * channels, ((y + row) * width + x) * channels)
            samples.replaceSubrange(to..<to + count, with: other.samples[from..<from + count])
        }
    }

    /// Text in black; what would leave the picture is cut off.
    mutating func draw(_ text: String, y: Int, x: Int, magnification: Int) {
        for dot in BitmapFont.dots(of: text) {
            for dy in 0..<magnification {
                for dx in 0..<magnification {
                    let (row, column) = (y + dot.y * magnification + dy, x + dot.x * magnification + dx)
                    guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
                    for channel in 0..<channels { self[row, column, channel] = 0 }
                }
            }
        }
    }

    /// Each pixel takes the nearest one's colour: what the input really is.
    package func enlargedToNearest(height newHeight: Int, width newWidth: Int) -> Image<UInt8> {
        var result = Image<UInt8>(width: newWidth, height: newHeight, channels: channels)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                for channel in 0..<channels {
                    result[y, x, channel] = self[y * height / newHeight, x * width / newWidth, channel]
                }
            }
        }
        return result
    }

    /// A red square of two pixels' width drawn around a part.
    package func outlined(y: Int, x: Int, extent: Int) -> Image<UInt8> {
        var result = self
        let (outer, inner) = (-2..<extent + 2, 0..<extent)
        for row in outer {
            for column in outer where !(inner.contains(row) && inner.contains(column)) {
                guard (0..<height).contains(y + row), (0..<width).contains(x + column) else { continue }
                for (channel, value) in [UInt8(230), 30, 30].enumerated() {
                    result[y + row, x + column, channel] = value
                }
            }
        }
        return result
    }
}
