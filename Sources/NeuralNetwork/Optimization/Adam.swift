import CTensorKernels
package import Tensors

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Adam (Kingma & Ba 2015, algorithm 1) over a flat array of parameters.
package final class Adam {
    /// Algorithm 1's constants, by default PyTorch's.
    package struct Settings: Sendable, Equatable {
        package var beta1 = 0.9
        package var beta2 = 0.999
        package var epsilon = 1e-8

        package init() {}
    }

    package let settings: Settings
    /// Running mean of the gradient, m.
    package let firstMoment: AlignedBuffer
    /// Running mean of the squared gradient, v.
    package let secondMoment: AlignedBuffer
    /// Steps taken, t.
    package var stepCount = 0
    private let count: Int
    private let ranges: [Range<Int>]

    /// - Parameters:
    ///   - count: Parameters.
    ///   - ranges: Which of them it moves; nil for all.
    package init(count: Int, ranges: [Range<Int>]? = nil, settings: Settings = Settings()) {
        self.count = count
        self.ranges = ranges ?? [0..<count]
        self.settings = settings
        firstMoment = AlignedBuffer(floats: count)
        secondMoment = AlignedBuffer(floats: count)
    }

    /// Moves the parameters against their gradient. Denormals are zero meanwhile, as they are for `Workers`: without a
    /// gradient both means end among them and, rounded to the nearest, never leave.
    /// - Parameter rate: This step's learning rate, α.
    package func step(_ parameters: AlignedBuffer, gradient: AlignedBuffer, rate: Double) {
        let state = liif_flush_denormals()
        defer { liif_restore_denormals(state) }
        stepCount += 1
        let t = Double(stepCount)
        var constants = liif_adam(
            beta1: Float(settings.beta1), beta2: Float(settings.beta2), epsilon: Float(settings.epsilon),
            stepSize: Float(rate / (1 - pow(settings.beta1, t))),
            secondMomentScale: Float((1 - pow(settings.beta2, t)).squareRoot()))
        for range in ranges {
            let first = range.lowerBound
            liif_adam_step(
                parameters.floats + first, firstMoment.floats + first, secondMoment.floats + first,
                gradient.floats + first, &constants, range.count)
        }
    }

    /// Moves an exponential moving average towards the parameters. In the first steps the decay is smaller,
    /// (1 + t) / (10 + t), so that the average does not hang on to the initial values.
    package func average(into average: AlignedBuffer, of parameters: AlignedBuffer, decay: Double) {
        let t = Double(stepCount)
        liif_exponential_average(
            average.floats, parameters.floats, Float(min(decay, (1 + t) / (10 + t))), count)
    }
}

/// Scales a gradient down to a Euclidean norm of `limit` where it is longer.
/// - Returns: The norm before.
@discardableResult
package func clipGradient(_ gradient: AlignedBuffer, count: Int, limit: Double) -> Double {
    let norm = liif_sum_of_squares(gradient.floats, count).squareRoot()
    if norm > limit { liif_scale(gradient.floats, Float(limit / norm), count) }
    return norm
}
