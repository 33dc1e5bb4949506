import Foundation
import LIIF
import Tensors

extension Interleaved {
    /// A roofline picture (Williams, Waterman & Patterson 2009) as SVG: useful GFLOP/s over useful operations per
    /// byte that must pass between memory and cores, under the measured roofs. Log scales.
    package var rooflineSVG: String {
        let chart = RooflineChart(self)
        return chart.svg
    }
}

private struct RooflineChart {
    private let measured: Interleaved
    private let width = 860.0, height = 480.0, left = 64.0, right = 260.0, top = 40.0, bottom = 56.0
    /// Powers of ten at the axes' ends.
    private let xRange = (0.0, 4.0)
    private let yRange: (Double, Double)
    private let colours: [InferencePrecision: String] = [
        .float32: "#2563a8", .bfloat16: "#c2571a", .int8: "#2e7d32",
    ]

    init(_ measured: Interleaved) {
        self.measured = measured
        let highest = measured.roofs.values.map(\.allCores).max() ?? 100
        yRange = (1, max(2, log10(highest).rounded(.down) + 1))
    }

    private func x(_ intensity: Double) -> Double {
        let share = (log10(intensity) - xRange.0) / (xRange.1 - xRange.0)
        return left + min(max(share, 0), 1) * (width - left - right)
    }

    private func y(_ rate: Double) -> Double {
        let share = (log10(rate) - yRange.0) / (yRange.1 - yRange.0)
        return height - bottom - min(max(share, 0), 1) * (height - top - bottom)
    }

    var svg: String {
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
                + "font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            text(left, 22, "Useful GFLOP/s under the measured roofs, \(Workers.count) cores", size: 15),
        ]
        parts += axes
        for (precision, roof) in measured.roofs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            parts += roofLine(precision, roof.allCores)
        }
        for (i, result) in measured.results.enumerated() { parts += point(result, index: i) }
        parts.append("</svg>\n")
        return parts.joined(separator: "\n")
    }

    private var axes: [String] {
        var parts: [String] = []
        for exponent in Int(xRange.0)...Int(xRange.1) {
            let value = pow(10, Double(exponent))
            parts.append(line(x(value), top, x(value), height - bottom, "#ddd"))
            parts.append(text(x(value), height - bottom + 18, "\(Int(value))", anchor: "middle"))
        }
        for exponent in Int(yRange.0)...Int(yRange.1) {
            let value = pow(10, Double(exponent))
            parts.append(line(left, y(value), width - right, y(value), "#ddd"))
            parts.append(text(left - 8, y(value) + 4, "\(Int(value))", anchor: "end"))
        }
        parts.append(
            text(
                (left + width - right) / 2, height - 14, "useful operations per byte of memory traffic",
                anchor: "middle"))
        return parts
    }

    private func roofLine(_ precision: InferencePrecision, _ rate: Double) -> [String] {
        let colour = colours[precision]!
        let ridge = rate / measured.bandwidth
        return [
            line(x(1), y(measured.bandwidth), x(ridge), y(rate), colour, width: 2),
            line(x(ridge), y(rate), width - right, y(rate), colour, width: 2),
            text(
                width - right, y(rate) - 6, "\(precision.rawValue) \(Int(rate.rounded()))", anchor: "end",
                colour: colour),
        ]
    }

    /// A numbered point under this round's roof, and its line in the legend.
    private func point(_ result: JobResult, index: Int) -> [String] {
        let colour = colours[result.precision]!
        let roof = measured.roofs[result.precision]!.allCores
        let (px, py) = (x(result.intensity), y(roof * result.fraction))
        // Jobs of equal intensity stand one over another: their numbers step aside in turns.
        let aside = Double(index % 4) * 16 + 9
        let legend = top + 14 + Double(index) * 17
        return [
            "<circle cx=\"\(short(px))\" cy=\"\(short(py))\" r=\"3.5\" fill=\"\(colour)\"/>",
            text(px + aside, py + 4, "\(index + 1)", colour: colour, size: 11),
            text(
                width - right + 16, legend,
                "\(index + 1)  \(result.name), \(result.precision.rawValue): \(Int((100 * result.fraction).rounded())) %",
                colour: colour, size: 11),
        ]
    }

    private func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, width: Int = 1
    ) -> String {
        "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" "
            + "stroke=\"\(colour)\" stroke-width=\"\(width)\"/>"
    }

    private func text(
        _ x: Double, _ y: Double, _ content: String, anchor: String = "start", colour: String = "#333",
        size: Int = 12
    ) -> String {
        "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\" fill=\"\(colour)\" "
            + "font-size=\"\(size)\">\(content)</text>"
    }

    private func short(_ value: Double) -> String { String(format: "%.1f", value) }
}
