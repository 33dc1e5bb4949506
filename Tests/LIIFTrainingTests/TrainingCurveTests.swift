import Foundation
import LIIFTraining
import TestSupport
import Testing

@Suite struct TrainingCurveTests {
    @Test func aRunsOwnLogIsRead() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(epochs: 10), in: "run")
        let curve = try TrainingCurve(log: "\(run.folder("run"))/log.jsonl")
        #expect(curve.losses.map(\.iteration) == [1, 3, 6, 9, 10, 12, 15, 18, 20, 21, 24, 27, 30])
        #expect(curve.validations.map(\.iteration) == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30])
        #expect(curve.rates.allSatisfy { $0.rate == Double(Float(1e-3)) || abs($0.rate - 1e-3) < 1e-9 })
        #expect(curve.svg.contains("validation PSNR, best") && curve.svg.contains(">30<"))
    }

    @Test func pausesAreNotWork() throws {
        try withTemporaryFolder { folder in
            // In the end the clock is set back.
            let times = [(1, 100), (10, 120), (20, 140), (30, 90000), (40, 90030), (50, 50000), (60, 50010)]
            let lines = times.map {
                "{\"iteration\": \($0.0), \"mean_loss\": 0.1, \"learning_rate\": 1e-4, \"time\": \($0.1)}"
            }
            let path = "\(folder)/log.jsonl"
            try (lines.joined(separator: "\n") + "\n{\"iteration\": 4").write(
                toFile: path, atomically: true, encoding: .utf8)
            let curve = try TrainingCurve(log: path)
            #expect(curve.seconds == 80 && curve.losses.count == 7 && curve.validations.isEmpty)
            #expect(!curve.svg.contains("validation"))
        }
    }

    /// PSNRs that lie close together have labels of two decimals, no two alike.
    @Test func everyTickHasItsOwnLabel() throws {
        try withTemporaryFolder { folder in
            let lines = [(10, 35.66), (20, 35.75)].map {
                """
                {"iteration": \($0.0), "mean_loss": 0.1, "learning_rate": 1e-4, "time": \($0.0), "psnr": \($0.1)}
                """
            }
            let path = "\(folder)/log.jsonl"
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let svg = try TrainingCurve(log: path).svg
            for label in ["35.6", "35.65", "35.7", "35.75", "35.8", "35.85"] {
                #expect(svg.components(separatedBy: ">\(label)<").count == 2, "\(label)")
            }
        }
    }

    /// Fails if the ticks between the iterations of a short run are named after the iteration before.
    @Test func iterationsAreWhole() throws {
        try withTemporaryFolder { folder in
            let lines = (1...3).map {
                "{\"iteration\": \($0), \"mean_loss\": 0.1, \"learning_rate\": 1e-4}"
            }
            let path = "\(folder)/log.jsonl"
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let svg = try TrainingCurve(log: path).svg
            for label in ["0", "1", "2", "3"] {
                #expect(svg.components(separatedBy: ">\(label)<").count == 2, "\(label)")
            }
        }
    }

    @Test(arguments: [
        (20, "-0.1", "30", "mean_loss is -0.1"), (20, "1e300", "30", "mean_loss is 1e+300"),
        (20, "0.1", "1e17", "psnr is 1e+17"), (9_000_000_000_000_000_000, "0.1", "30", "iteration is 9e+18"),
    ]) func numbersThatNoRunComesToAreNamed(_ iteration: Int, loss: String, psnr: String, expected: String)
        throws
    {
        try withTemporaryFolder { folder in
            let path = "\(folder)/log.jsonl"
            try """
            {"iteration": 10, "mean_loss": 0.1, "learning_rate": 1e-4, "psnr": 30}

            {"iteration": \(iteration), "mean_loss": \(loss), "learning_rate": 1e-4, "psnr": \(psnr)}
            """.write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: TrainingCurveError.self) { try TrainingCurve(log: path) }
            let message = error?.description ?? ""
            #expect(message.hasPrefix("\(path):3: \(expected); expected a number from "), "\(message)")
        }
    }

    @Test func whatIsNoLogIsRefused() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a"
            #expect(throws: TrainingCurveError.unreadable(path)) { try TrainingCurve(log: path) }
            try "nothing\n".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: TrainingCurveError.empty(path)) { try TrainingCurve(log: path) }
        }
    }
}
