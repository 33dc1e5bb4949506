import Files
import Foundation
import LIIFEvaluation

/// What has been measured already, in one JSON file: a table that is asked for again, or shares a row with another,
/// costs nothing. A result is found by the model's digest, by the precision that it was measured in, and by what it was
/// measured on. Files of earlier versions do not say the precision: what they hold of models is measured anew.
final class Measurements {
    private let folder: String
    private var path: String { "\(folder)/measurements.json" }
    private var results: [String: EvaluationTable.Result]?

    /// - Parameter folder: Made where it is missing.
    init(folder: String) { self.folder = folder }

    /// A result, measured unless it is known.
    func result(_ key: String, measure: () throws -> EvaluationTable.Result) throws -> EvaluationTable.Result
    {
        if let known = load()[key] { return known }
        let result = try measure()
        // Another process may have measured meanwhile.
        results = nil
        var all = load()
        all[key] = result
        try makeFolder(folder)
        try AtomicFile.write(MeasurementCoding.data(of: all), to: path)
        results = all
        return result
    }

    /// What the file holds; a file that cannot be read is measured anew.
    private func load() -> [String: EvaluationTable.Result] {
        if let results { return results }
        let loaded = FileManager.default.contents(atPath: path).flatMap {
            try? MeasurementCoding.value([String: EvaluationTable.Result].self, from: $0)
        }
        results = loaded ?? [:]
        return results!
    }
}
