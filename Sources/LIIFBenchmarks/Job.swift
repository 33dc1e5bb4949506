package import LIIF

/// Something to time, with the useful work that it does.
package struct Job {
    /// `decode x4`, say.
    package let name: String
    package let precision: InferencePrecision
    /// Floating-point operations that the result needs, counted as Docs/Results.md says: the encoder as direct
    /// convolutions, the decoder without its first layer's convolution.
    package let flops: Double
    /// Bytes that must pass between memory and cores: every map between layers once out and once in, a query's
    /// latents once in; what a core's own cache holds does not count.
    package let bytes: Double
    /// Makes what it needs and returns what is timed.
    package let prepare: () throws -> () throws -> Void

    package init(
        _ name: String, precision: InferencePrecision, flops: Double, bytes: Double,
        prepare: @escaping () throws -> () throws -> Void
    ) {
        self.name = name
        self.precision = precision
        self.flops = flops
        self.bytes = bytes
        self.prepare = prepare
    }
}

/// The figures of one job.
package struct JobResult: Sendable {
    package let name: String
    package let precision: InferencePrecision
    /// Seconds: median, fastest, slowest.
    package let median, fastest, slowest: Double
    /// GFLOP/s of useful work at the median.
    package let rate: Double
    /// Median over the rounds of the job's rate against the same round's roof of all cores.
    package let fraction: Double
    /// Useful operations per byte of necessary memory traffic.
    package let intensity: Double
    /// Most memory that the process held while the job ran, bytes; nil where the system does not tell.
    package let peakMemory: Int?
}
