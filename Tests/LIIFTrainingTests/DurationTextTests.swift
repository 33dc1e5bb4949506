import DurationText
import Testing

@Suite struct DurationTextTests {
    /// Oracle: by hand, beside each change of unit or of decimals.
    @Test(arguments: [
        (0.0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (89.4, "89 s"), (89.6, "1.5 min"),
        (596.0, "9.9 min"), (597.0, "10 min"), (5399.0, "90 min"), (5399.6, "1 h 30 min"),
        (11159.0, "3 h 05 min"),
        (Double.infinity, "unknown time"), (Double.nan, "unknown time"),
    ]) func unitsFollowTheLength(_ seconds: Double, expected: String) {
        #expect(duration(seconds) == expected)
    }
}
