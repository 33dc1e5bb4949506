import Charts
import Foundation
import LIIF
import Tensors

extension Interleaved {
    /// A roofline picture (Williams, Waterman & Patterson 2009) as SVG: useful GFLOP/s over useful operations per
    /// byte that must pass between memory and cores, under the measured roofs. Log scales.
    package var rooflineSVG: String { RooflineChart(self).svg }
}

private struct RooflineChart {
    private let measured: Interleaved
    private let left = 64.0, right = 600.0, top = 40.0, bottom = 424.0
    private let x, y: Axis
    private let colours: [InferencePrecision: String] = [
        .float32: "#2563a8", .bfloat16: "#c2571a", .int16: "#7b3fa0", .int8: "#2e7d32",
    ]

    init(_ measured: Interleaved) {
        self.measured = measured
        let highest = measured.roofs.values.map(\.allCores).max() ?? 100
        x = Axis(1...10_000, from: left, to: right, logarithmic: true)
        y = Axis(
            10...pow(10, max(2, log10(highest).rounded(.down) + 1)), from: bottom, to: top, logarithmic: true)
    }

    var svg: String {
        var canvas = SVGCanvas(width: 860, height: 480)
        canvas.text(left, 22, "Useful GFLOP/s under the measured roofs, \(Workers.count) cores", size: 15)
        drawAxes(on: &canvas)
        for (precision, roof) in measured.roofs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            drawRoof(precision, roof.allCores, on: &canvas)
        }
        for (i, result) in measured.results.enumerated() { drawPoint(result, index: i, on: &canvas) }
        return canvas.svg
    }

    private func drawAxes(on canvas: inout SVGCanvas) {
        for value in x.ticks() {
            canvas.line(x(value), top, x(value), bottom, "#ddd")
            canvas.text(x(value), bottom + 18, "\(Int(value))", anchor: "middle")
        }
        for value in y.ticks() {
            canvas.line(left, y(value), right, y(value), "#ddd")
            canvas.text(left - 8, y(value) + 4, "\(Int(value))", anchor: "end")
        }
        canvas.text(
            (left + right) / 2, bottom + 42, "useful operations per byte of memory traffic", anchor: "middle")
    }

    private func drawRoof(_ precision: InferencePrecision, _ rate: Double, on canvas: inout SVGCanvas) {
        let colour = colours[precision]!
        let ridge = rate / measured.bandwidth
        canvas.line(x(1), y(measured.bandwidth), x(ridge), y(rate), colour, width: 2)
        canvas.line(x(ridge), y(rate), right, y(rate), colour, width: 2)
        canvas.text(
            right, y(rate) - 6, "\(precision.rawValue) \(Int(rate.rounded()))", anchor: "end", colour: colour)
    }

    /// A numbered point under this round's roof, and its line in the legend.
    private func drawPoint(_ result: JobResult, index: Int, on canvas: inout SVGCanvas) {
        let colour = colours[result.precision]!
        let roof = measured.roofs[result.precision]!.allCores
        let (px, py) = (x(result.intensity), y(roof * result.fraction))
        // Jobs of equal intensity stand one over another: their numbers step aside in turns.
        let aside = Double(index % 4) * 16 + 9
        canvas.circle(px, py, radius: 3.5, colour)
        canvas.text(px + aside, py + 4, "\(index + 1)", colour: colour, size: 11)
        canvas.text(
            right + 16, top + 14 + Double(index) * 15,
            "\(index + 1)  \(result.name), \(result.precision.rawValue): \(Int((100 * result.fraction).rounded())) %",
            colour: colour, size: 11)
    }
}
