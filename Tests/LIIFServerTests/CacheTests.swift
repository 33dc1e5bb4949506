import LIIFServer
import Testing

@Suite struct CacheTests {
    @Test func theLeastRecentlyUsedLeaveFirst() {
        let cache = ByteBoundedCache<String, Int>(limit: 100)
        cache.insert(1, for: "a", bytes: 40)
        cache.insert(2, for: "b", bytes: 40)
        #expect(cache.value("a") == 1)
        cache.insert(3, for: "c", bytes: 40)
        #expect(cache.value("b") == nil && cache.value("a") == 1 && cache.value("c") == 3)
        #expect(cache.bytes == 80 && cache.count == 2)
    }

    @Test func whatIsTooLargeIsNotKept() {
        let cache = ByteBoundedCache<String, Int>(limit: 100)
        cache.insert(1, for: "a", bytes: 60)
        cache.insert(2, for: "b", bytes: 101)
        #expect(cache.value("a") == 1 && cache.value("b") == nil)
    }

    @Test func aNewValueTakesTheOldOnesPlace() {
        let cache = ByteBoundedCache<String, Int>(limit: 100)
        cache.insert(1, for: "a", bytes: 60)
        cache.insert(2, for: "a", bytes: 70)
        #expect(cache.value("a") == 2 && cache.bytes == 70)
    }

    @Test func theBoundHoldsWhateverIsDone() {
        let cache = ByteBoundedCache<Int, Int>(limit: 1000)
        var random = SystemRandomNumberGenerator()
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<60, using: &random)
            if step % 3 == 0 {
                _ = cache.value(key)
            } else {
                cache.insert(key, for: key, bytes: .random(in: 1...200))
            }
            #expect(cache.bytes <= 1000)
            if let value = cache.value(key) { #expect(value == key) }
        }
    }
}
