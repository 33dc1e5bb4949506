import LIIFServer
import Testing

@Suite struct RateLimiterTests {
    @Test func bucketsEmptyAndFill() {
        let limiter = RateLimiter(rate: 2), start = ContinuousClock.now
        for _ in 0..<20 { #expect(limiter.refusal(of: "a", now: start) == nil) }
        #expect(limiter.refusal(of: "a", now: start) == 1)
        #expect(limiter.refusal(of: "b", now: start) == nil)
        let later = start + .seconds(1)
        #expect(limiter.refusal(of: "a", now: later) == nil && limiter.refusal(of: "a", now: later) == nil)
        #expect(limiter.refusal(of: "a", now: later) != nil)
    }

    /// Fails, by a trap, if the wait is taken for a whole number before it is bounded.
    @Test func aTokenThatTakesAgesIsADayAway() {
        let limiter = RateLimiter(rate: 1e-30), start = ContinuousClock.now
        for _ in 0..<10 { #expect(limiter.refusal(of: "a", now: start) == nil) }
        #expect(limiter.refusal(of: "a", now: start) == 86_400)
    }

    /// Fails without the limit of 10,000 addresses, and if all are forgotten where the full buckets suffice.
    @Test func manyAddressesDoNotGrowIt() {
        let limiter = RateLimiter(rate: 2), start = ContinuousClock.now, later = start + .seconds(1000)
        func isRefused(_ address: String) -> Bool { limiter.refusal(of: address, now: later) != nil }
        #expect((0..<9_999).allSatisfy { limiter.refusal(of: "early \($0)", now: start) == nil })
        // The last that has room, and empties its bucket.
        #expect((0..<20).allSatisfy { _ in !isRefused("a") })
        #expect(isRefused("a"))
        // One more: the buckets that are full again are forgotten.
        #expect(!isRefused("new"))
        #expect(isRefused("a"))
        // As many again, none of them full: then all are forgotten.
        #expect((0..<9_998).allSatisfy { !isRefused("late \($0)") })
        #expect(isRefused("a"))
        #expect(!isRefused("last"))
        #expect(!isRefused("a"))
    }
}
