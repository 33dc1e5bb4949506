import Foundation
package import LIIFEvaluation

/// What the paper reads from a table: one row above another at some scales.
package struct Claim: Sendable, Equatable {
    var better: String
    var worse: String
    var scales: [Int]

    package init(_ better: String, above worse: String, at scales: [Int]) {
        self.better = better
        self.worse = worse
        self.scales = scales
    }

    /// A sentence: at how many of the scales it holds, by how much, and where it does not.
    package func verdict(_ table: EvaluationTable, set: String) -> String {
        func list(_ scales: [Int]) -> String { scales.map { "×\($0)" }.joined(separator: ", ") }
        let subject = "\(better) above \(worse) at \(list(scales))"
        let differences = scales.compactMap { scale -> (scale: Int, gain: Double)? in
            guard let a = table.psnr(method: better, set: set, scale: "×\(scale)"),
                let b = table.psnr(method: worse, set: set, scale: "×\(scale)")
            else { return nil }
            // Two that are infinite are equal too.
            return (scale, a == b ? 0 : a - b)
        }
        guard let least = differences.map(\.gain).min(), let greatest = differences.map(\.gain).max() else {
            return "\(subject): not measured."
        }
        func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
        let range = differences.count == 1 ? signed(least) : "\(signed(least)) to \(signed(greatest))"
        let failing = differences.filter { !($0.gain > 0) }.map(\.scale)
        let unmeasured =
            differences.count < scales.count ? ", \(scales.count - differences.count) not measured" : ""
        if failing.isEmpty { return "\(subject): holds (\(range) dB\(unmeasured))." }
        if failing.count == differences.count {
            return "\(subject): does not hold (\(range) dB\(unmeasured))."
        }
        return "\(subject): holds except at \(list(failing)) (\(range) dB\(unmeasured))."
    }
}
