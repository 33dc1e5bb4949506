import Hashing
import Testing

/// The published test vectors.
@Suite struct FNV1aTests {
    @Test func knownHashes() {
        #expect(fnv1a("") == 0xCBF2_9CE4_8422_2325)
        #expect(fnv1a("a") == 0xAF63_DC4C_8601_EC8C)
        #expect(fnv1a("foobar") == 0x8594_4171_F739_67E8)
        #expect(fnv1a([UInt8(ascii: "a")]) == 0xAF63_DC4C_8601_EC8C)
    }
}
