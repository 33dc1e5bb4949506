import Foundation

/// A line of a training run's `log.jsonl`.
package struct TrainingLogEntry: Decodable {
    /// Iterations done.
    package var iteration: Int
    /// The epoch that it is of, from 1.
    var epoch: Int?
    /// The batch's mean loss.
    var loss: Double?
    /// Running mean of the loss.
    var meanLoss: Double
    var learningRate: Double
    var iterationsPerSecond: Double?
    /// When it was written, seconds.
    package var time: Double?
    /// The validation after it, dB.
    package var psnr: Double?

    enum CodingKeys: String, CodingKey {
        case iteration, epoch, loss
        case meanLoss = "mean_loss"
        case learningRate = "learning_rate"
        case iterationsPerSecond = "iterations_per_second"
        case time, psnr
    }

    /// The line: a JSON object, numbers in as many digits as single precision has.
    var line: String {
        func short(_ value: Double?) -> String? { value.map { "\(Float($0))" } }
        let fields: [(key: CodingKeys, value: String?)] = [
            (.iteration, "\(iteration)"), (.epoch, epoch.map { "\($0)" }), (.loss, short(loss)),
            (.meanLoss, short(meanLoss)), (.learningRate, short(learningRate)),
            (.iterationsPerSecond, short(iterationsPerSecond)), (.time, time.map { "\(Int($0))" }),
            (.psnr, short(psnr)),
        ]
        let written = fields.compactMap { field in
            field.value.map { "\"\(field.key.rawValue)\": \($0)" }
        }
        return "{\(written.joined(separator: ", "))}"
    }
}

extension TrainingLogEntry {
    /// A line of a log with its number, from 1.
    struct Line {
        var number: Int
        var text: Substring
        var entry: TrainingLogEntry
    }

    /// The lines of a log; those that were cut off in writing are left out.
    static func lines(of text: String) -> [Line] {
        let decoder = JSONDecoder()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line -> Line? in
            guard let entry = try? decoder.decode(TrainingLogEntry.self, from: Data(line.utf8)) else {
                return nil
            }
            return Line(number: index + 1, text: line, entry: entry)
        }
    }

    /// The same of a file, whatever bytes a damaged line holds; nil where it cannot be read.
    static func lines(at path: String) -> [Line]? {
        FileManager.default.contents(atPath: path).map { lines(of: String(decoding: $0, as: UTF8.self)) }
    }

    /// The entries of a log; lines that were cut off in writing are left out. Nil where it cannot be read.
    package static func entries(at path: String) -> [TrainingLogEntry]? {
        lines(at: path)?.map(\.entry)
    }

    /// Ten iterations take seconds; what takes a quarter of an hour between two entries is a pause.
    private static let longestStep = 900.0

    /// Seconds of work that entries tell of, pauses between sessions left out; so is a clock that was set back.
    package static func seconds(of entries: [TrainingLogEntry]) -> Double {
        let times = entries.compactMap(\.time)
        return zip(times, times.dropFirst()).reduce(0) { sum, pair in
            let step = pair.1 - pair.0
            return sum + (step > 0 && step < longestStep ? step : 0)
        }
    }
}
