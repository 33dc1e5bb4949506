import Charts
import Foundation

/// What a training run's log says of its course: loss, validation and learning rate by iteration.
public struct TrainingCurve: Sendable {
    /// Iterations and their running mean of the loss.
    public private(set) var losses: [(iteration: Int, loss: Double)] = []
    /// Iterations and their validation's PSNR in dB.
    public private(set) var validations: [(iteration: Int, psnr: Double)] = []
    /// Iterations and their learning rate.
    public private(set) var rates: [(iteration: Int, rate: Double)] = []
    /// Seconds of work, pauses between sessions left out.
    public private(set) var seconds = 0.0

    /// Reads `log.jsonl` of a run's folder. A line that was cut off in writing is left out.
    /// - Throws: `TrainingCurveError`, naming the file.
    public init(log path: String) throws {
        guard let lines = TrainingLogEntry.lines(at: path) else {
            throw TrainingCurveError.unreadable(path)
        }
        for line in lines { try Self.check(line.entry, path: path, line: line.number) }
        let entries = lines.map(\.entry)
        losses = entries.map { ($0.iteration, $0.meanLoss) }
        rates = entries.map { ($0.iteration, $0.learningRate) }
        validations = entries.compactMap { entry in entry.psnr.map { (entry.iteration, $0) } }
        seconds = TrainingLogEntry.seconds(of: entries)
        guard losses.count > 1 else { throw TrainingCurveError.empty(path) }
    }

    /// - Throws: `TrainingCurveError.beyondAxis` for a number that no run comes to, which has no place on an axis.
    private static func check(_ entry: TrainingLogEntry, path: String, line: Int) throws {
        func expect(
            _ key: TrainingLogEntry.CodingKeys, _ value: Double, _ range: ClosedRange<Double>
        ) throws {
            guard range.contains(value) else {
                throw TrainingCurveError.beyondAxis(
                    path, line: line, key: key.rawValue, value: value, range: range)
            }
        }
        try expect(.iteration, Double(entry.iteration), 0...1e15)
        try expect(.meanLoss, entry.meanLoss, 0...Double(Float.greatestFiniteMagnitude))
        if let psnr = entry.psnr { try expect(.psnr, psnr, -1000...1000) }
    }

    /// The curves as SVG: loss (left axis) and PSNR (right axis) over iterations.
    public var svg: String {
        var canvas = SVGCanvas(width: 860, height: 420)
        let (left, right, top, bottom) = (64.0, 796.0, 44.0, 364.0)
        let last = Double(losses.last!.iteration)
        let x = Axis(0...max(last, 1), from: left, to: right)
        // The first iterations' losses are off the scale.
        let settled = losses.dropFirst(losses.count / 50).map(\.loss)
        let loss = Axis(settled.min()! * 0.98...settled.max()! * 1.02 + 1e-9, from: bottom, to: top)
        // Of a short run, ticks lie between iterations too.
        for tick in x.ticks() where abs(tick - tick.rounded()) < 1e-6 {
            canvas.line(x(tick), top, x(tick), bottom, "#ddd")
            canvas.text(x(tick), bottom + 18, "\(Int(tick.rounded()))", anchor: "middle")
        }
        for tick in loss.ticks() {
            canvas.line(left, loss(tick), right, loss(tick), "#ddd")
            canvas.text(left - 8, loss(tick) + 4, label(tick), anchor: "end", colour: Self.lossColour)
        }
        canvas.polyline(losses.map { (x(Double($0.iteration)), loss($0.loss)) }, Self.lossColour)
        canvas.text(left, 24, "loss, running mean", colour: Self.lossColour)
        canvas.text((left + right) / 2, bottom + 40, "iteration", anchor: "middle")
        drawValidations(on: &canvas, x: x, right: right, from: bottom, to: top)
        return canvas.svg
    }

    private static let lossColour = "#2563a8", psnrColour = "#c2571a"

    private func drawValidations(
        on canvas: inout SVGCanvas, x: Axis, right: Double, from bottom: Double, to top: Double
    ) {
        guard let best = validations.map(\.psnr).max() else { return }
        let lowest = max(validations.map(\.psnr).min()!, best - 3)
        let psnr = Axis(lowest - 0.1...best + 0.1, from: bottom, to: top)
        for tick in psnr.ticks() {
            canvas.text(right + 8, psnr(tick) + 4, label(tick), colour: Self.psnrColour)
        }
        let points = validations.map { (x: x(Double($0.iteration)), y: psnr($0.psnr)) }
        canvas.polyline(points, Self.psnrColour)
        for point in points { canvas.circle(point.x, point.y, radius: 2.5, Self.psnrColour) }
        canvas.text(
            right, 24, "validation PSNR, best \(String(format: "%.2f", best)) dB", anchor: "end",
            colour: Self.psnrColour)
    }

    private func label(_ value: Double) -> String { String(format: "%.4g", value) }
}

/// A log that shows no course.
public enum TrainingCurveError: Error, Equatable, CustomStringConvertible {
    /// It cannot be read.
    case unreadable(String)
    /// It holds fewer than two of a log's lines.
    case empty(String)
    /// A number that no training comes to; the line counts from 1.
    case beyondAxis(String, line: Int, key: String, value: Double, range: ClosedRange<Double>)

    /// A sentence that names the file and what would be right.
    public var description: String {
        switch self {
        case .unreadable(let path):
            "\(path): it cannot be read; expected the log.jsonl of a training run's folder."
        case .empty(let path):
            "\(path): fewer than two lines of a training log are in it; expected the log.jsonl that "
                + "`liif train` writes."
        case .beyondAxis(let path, let line, let key, let value, let range):
            "\(path):\(line): \(key) is \(value); expected a number from \(range.lowerBound) to \(range.upperBound)."
        }
    }
}
