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

    @Test func manyAddressesDoNotGrowIt() {
        let limiter = RateLimiter(rate: 1)
        for number in 0..<50_000 { #expect(limiter.refusal(of: "\(number)") == nil) }
    }
}
