import Synchronization

/// A bucket of tokens for each client (`ClientNetwork`): refilled at a rate, emptied by requests.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var time: ContinuousClock.Instant
    }

    /// Addresses that are remembered; beyond, those whose buckets are full again are forgotten.
    private static let addressLimit = 10_000

    private let rate: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter rate: Tokens per second; ten times as many fit a bucket, but at least ten.
    package init(rate: Double) {
        self.rate = rate
        burst = max(10, rate * 10)
    }

    /// Takes a token.
    /// - Returns: nil, or the seconds until there is one, a day at most.
    package func refusal(of address: String, now: ContinuousClock.Instant = .now) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= Self.addressLimit && buckets[address] == nil {
                buckets = buckets.filter { tokens($0.value, now) < burst }
                // As many addresses as that at once: start anew rather than grow.
                if buckets.count >= Self.addressLimit { buckets = [:] }
            }
            let left = buckets[address].map { tokens($0, now) } ?? burst
            guard left >= 1 else { return Int(min(max((1 - left) / rate, 1), 86_400).rounded(.up)) }
            buckets[address] = Bucket(tokens: left - 1, time: now)
            return nil
        }
    }

    private func tokens(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.tokens + rate * ((now - bucket.time) / .seconds(1)))
    }
}
