#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The learning rate as a function of the iteration alone, so that a resumed run needs no state for it.
public struct LearningRateSchedule: Sendable, Equatable {
    /// What follows the warm-up.
    public enum Decay: Sendable, Equatable {
        /// Multiplied by `factor` at each of these iterations.
        case steps(milestones: [Int], factor: Double)
        /// The base rate until iteration `start`, then half a cosine down to `floor` times it, reached at iteration
        /// `end`.
        case cosine(start: Int, end: Int, floor: Double)
    }

    /// The rate that the warm-up reaches.
    public var base: Double
    /// Iterations of linear increase from 0; 0 for none.
    public var warmup: Int
    /// What follows the warm-up.
    public var decay: Decay

    /// A schedule; without a warm-up unless asked for.
    public init(base: Double, warmup: Int = 0, decay: Decay) {
        self.base = base
        self.warmup = warmup
        self.decay = decay
    }

    /// The rate of an iteration, counted from 0.
    public func rate(at iteration: Int) -> Double {
        if iteration < warmup { return base * Double(iteration + 1) / Double(warmup) }
        switch decay {
        case .steps(let milestones, let factor):
            return base * pow(factor, Double(milestones.count { $0 <= iteration }))
        case .cosine(let start, let end, let floor):
            let progress = min(1, max(0, Double(iteration - start)) / Double(max(1, end - start)))
            return base * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress)))
        }
    }
}
