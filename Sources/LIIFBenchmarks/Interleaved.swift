package import LIIF
import Tensors

/// Runs jobs in rounds, each round once through all of them with the roof beside it, so that a machine that
/// slows down slows everything down.
package struct Interleaved {
    package private(set) var roofs: [InferencePrecision: (oneCore: Double, allCores: Double)] = [:]
    /// GB/s, all cores.
    package private(set) var bandwidth = 0.0
    package private(set) var results: [JobResult] = []

    /// - Parameter report: Told what is being run.
    package init(_ jobs: [Job], rounds: Int, report: (String) -> Void) throws {
        let precisions = InferencePrecision.allCases.filter { p in jobs.contains { $0.precision == p } }
        let machine = try Dictionary(uniqueKeysWithValues: precisions.map { ($0, try Roof($0)) })
        var one: [InferencePrecision: [Double]] = [:], all: [InferencePrecision: [Double]] = [:]
        var times = [[Double]](repeating: [], count: jobs.count)
        var fractions = times
        var peaks = [Int?](repeating: nil, count: jobs.count)
        let clock = ContinuousClock()
        for round in 0..<(rounds + 1) {
            for (i, job) in jobs.enumerated() {
                report("round \(round)/\(rounds): \(job.name), \(job.precision.rawValue)")
                PeakMemory.reset()
                let run = try job.prepare()
                // The first run compiles kernels and touches memory.
                if round == 0 { try run() }
                let seconds = try clock.measure(run) / .seconds(1)
                peaks[i] = [peaks[i], PeakMemory.current].compactMap { $0 }.max()
                guard round > 0 else { continue }
                let roof = try machine[job.precision]!.measure(cores: Workers.count)
                all[job.precision, default: []].append(roof)
                times[i].append(seconds)
                fractions[i].append(job.flops / seconds * 1e-9 / roof)
            }
            guard round > 0 else { continue }
            for p in precisions { one[p, default: []].append(try machine[p]!.measure(cores: 1)) }
        }
        bandwidth = try measureBandwidth()
        for p in precisions { roofs[p] = (median(one[p]!), median(all[p]!)) }
        results = zip(jobs.indices, jobs).map { i, job in
            let middle = median(times[i])
            return JobResult(
                name: job.name, precision: job.precision, median: middle, fastest: times[i].min()!,
                slowest: times[i].max()!, rate: job.flops / middle * 1e-9, fraction: median(fractions[i]),
                intensity: job.flops / job.bytes, peakMemory: peaks[i])
        }
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
