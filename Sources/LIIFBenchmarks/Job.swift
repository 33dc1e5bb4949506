package import Tensors

/// Something to time, with the useful work that it does.
package struct Job {
    /// `decode x4`, say.
    package let name: String
    package let precision: Precision
    /// Floating-point operations that the result needs, counted as Docs/Results.md says: the encoder as direct
    /// convolutions, the decoder without its first layer's convolution.
    package let flops: Double
    /// Runs it once.
    package let run: () throws -> Void

    package init(_ name: String, precision: Precision, flops: Double, run: @escaping () throws -> Void) {
        self.name = name
        self.precision = precision
        self.flops = flops
        self.run = run
    }
}

/// The figures of one job.
package struct JobResult: Sendable {
    package let name: String
    package let precision: Precision
    /// Seconds: median, fastest, slowest.
    package let median, fastest, slowest: Double
    /// GFLOP/s of useful work at the median.
    package let rate: Double
    /// Median over the rounds of the job's rate against the same round's roof of all cores.
    package let fraction: Double
    /// Most memory that the process held while the job ran, bytes; nil where the system does not tell.
    package let peakMemory: Int?
}

/// Runs jobs in rounds, each round once through all of them with the roof beside it, so that a machine that
/// slows down slows everything down.
package struct Interleaved {
    package private(set) var roofs: [Precision: (oneCore: Double, allCores: Double)] = [:]
    package private(set) var results: [JobResult] = []

    /// - Parameter report: Told what is being run.
    package init(_ jobs: [Job], rounds: Int, report: (String) -> Void) throws {
        let precisions = Precision.allCases.filter { p in jobs.contains { $0.precision == p } }
        let machine = try Dictionary(uniqueKeysWithValues: precisions.map { ($0, try Roof($0)) })
        var one: [Precision: [Double]] = [:], all: [Precision: [Double]] = [:]
        var times = [[Double]](repeating: [], count: jobs.count)
        var fractions = times
        var peaks = [Int?](repeating: nil, count: jobs.count)
        let clock = ContinuousClock()
        for round in 0..<(rounds + 1) {
            for (i, job) in jobs.enumerated() {
                report("round \(round)/\(rounds): \(job.name), \(job.precision.rawValue)")
                PeakMemory.reset()
                let seconds = try clock.measure(job.run) / .seconds(1)
                peaks[i] = [peaks[i], PeakMemory.current].compactMap { $0 }.max()
                // The first round warms up: kernels are compiled, memory is touched.
                guard round > 0 else { continue }
                let roof = try machine[job.precision]!.measure(cores: Workers.count)
                all[job.precision, default: []].append(roof)
                times[i].append(seconds)
                fractions[i].append(job.flops / seconds * 1e-9 / roof)
            }
            guard round > 0 else { continue }
            for p in precisions { one[p, default: []].append(try machine[p]!.measure(cores: 1)) }
        }
        for p in precisions { roofs[p] = (median(one[p]!), median(all[p]!)) }
        results = zip(jobs.indices, jobs).map { i, job in
            let middle = median(times[i])
            return JobResult(
                name: job.name, precision: job.precision, median: middle, fastest: times[i].min()!,
                slowest: times[i].max()!, rate: job.flops / middle * 1e-9, fraction: median(fractions[i]),
                peakMemory: peaks[i])
        }
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
