import Foundation

/// An SVG picture that is drawn element by element; y grows downwards, units are pixels.
package struct SVGCanvas {
    package let width, height: Double
    private var elements: [String] = []

    /// An empty white picture.
    package init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    package mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, width: Double = 1
    ) {
        elements.append(
            "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" "
                + "stroke=\"\(colour)\" stroke-width=\"\(width)\"/>")
    }

    package mutating func polyline(
        _ points: [(x: Double, y: Double)], _ colour: String, width: Double = 1.5
    ) {
        let list = points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
        elements.append(
            "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(width)\" "
                + "stroke-linejoin=\"round\"/>")
    }

    package mutating func circle(_ x: Double, _ y: Double, radius: Double, _ colour: String) {
        elements.append(
            "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"\(radius)\" fill=\"\(colour)\"/>")
    }

    /// - Parameter anchor: `start`, `middle` or `end`: which part of the text stands at x.
    package mutating func text(
        _ x: Double, _ y: Double, _ content: String, anchor: String = "start", colour: String = "#333",
        size: Int = 12
    ) {
        let escaped = content.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        elements.append(
            "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\" fill=\"\(colour)\" "
                + "font-size=\"\(size)\">\(escaped)</text>")
    }

    /// The file's text.
    package var svg: String {
        let head = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
                + "font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
        ]
        return (head + elements + ["</svg>\n"]).joined(separator: "\n")
    }

    private func short(_ value: Double) -> String { String(format: "%.1f", value) }
}
