/// Iterations per second over the last few dozen.
struct SpeedMeter {
    private var times: [ContinuousClock.Instant] = []

    mutating func add(_ now: ContinuousClock.Instant) {
        times.append(now)
        if times.count > 50 { times.removeFirst() }
    }

    /// Leaves out what was spent on something else since the last iteration.
    mutating func pause(_ now: ContinuousClock.Instant) {
        guard let last = times.last else { return }
        let pause = last.duration(to: now)
        times = times.map { $0 + pause }
    }

    var rate: Double {
        guard times.count > 1, let first = times.first, let last = times.last else { return 0 }
        return Double(times.count - 1) / (first.duration(to: last) / .seconds(1))
    }
}
