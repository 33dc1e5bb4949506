import Files
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct SystemReasonTests {
    @Test func ofACode() {
        #expect(systemReason(ENOENT) == "no such file or directory")
    }

    /// Foundation's own errors have the system's inside; those of neither say it themselves.
    @Test func ofAnError() {
        let missing = NSError(domain: NSPOSIXErrorDomain, code: Int(ENOENT))
        let reading = NSError(
            domain: NSCocoaErrorDomain, code: 260, userInfo: [NSUnderlyingErrorKey: missing])
        #expect(systemReason(missing) == "no such file or directory")
        #expect(systemReason(reading) == "no such file or directory")
        let other = NSError(domain: "ours", code: 1, userInfo: [NSLocalizedDescriptionKey: "it rains"])
        #expect(systemReason(other) == "it rains")
    }
}
