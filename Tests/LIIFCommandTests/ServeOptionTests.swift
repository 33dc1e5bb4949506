import TestSupport
import Testing

@Suite struct ServeOptionTests {
    @Test(arguments: [
        ("--rate-limit", "0", "--rate-limit 0.0: expected a number above 0, at most 1000000."),
        ("--rate-limit", "2e6", "--rate-limit 2000000.0: expected a number above 0, at most 1000000."),
        (
            "--public-url", "https://example.org/?a",
            "--public-url https://example.org/?a: expected a URL in ASCII such as https://example.org/pictures, without "
                + "? and #."
        ),
    ])
    func whatIsWrongIsSaid(_ option: String, _ value: String, _ error: String) throws {
        try withTemporaryFolder { folder in
            try expectFailure("serve", ".", option, value, status: 64, error: error, in: folder)
        }
    }
}
