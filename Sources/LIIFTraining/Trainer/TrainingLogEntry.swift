import Foundation

/// A line of a training run's `log.jsonl`, as far as it is read again.
package struct TrainingLogEntry: Decodable {
    /// Iterations done.
    package var iteration: Int
    /// Running mean of the loss, and the learning rate.
    var mean_loss, learning_rate: Double
    /// The validation after it, dB.
    package var psnr: Double?
    /// When it was written, seconds.
    package var time: Double?

    /// The entries of a log; lines that were cut off in writing are left out. Nil where it cannot be read.
    package static func entries(at path: String) -> [TrainingLogEntry]? {
        numberedEntries(at: path)?.map(\.entry)
    }

    /// The same, each with its line, from 1.
    static func numberedEntries(at path: String) -> [(line: Int, entry: TrainingLogEntry)]? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let decoder = JSONDecoder()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line -> (line: Int, entry: TrainingLogEntry)? in
            guard let entry = try? decoder.decode(TrainingLogEntry.self, from: Data(line.utf8)) else {
                return nil
            }
            return (index + 1, entry)
        }
    }

    /// Ten iterations take seconds; what takes a quarter of an hour between two entries is a pause.
    private static let longestStep = 900.0

    /// Seconds of work that entries tell of, pauses between sessions left out.
    package static func seconds(of entries: [TrainingLogEntry]) -> Double {
        let times = entries.compactMap(\.time)
        return zip(times, times.dropFirst()).reduce(0) { sum, pair in
            let step = pair.1 - pair.0
            return sum + (step < longestStep ? step : 0)
        }
    }
}
