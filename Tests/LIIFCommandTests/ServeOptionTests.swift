import ImageCodecs
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

    /// 680×500 pixels of RGB are 1.02 MB of 10⁶ bytes. Should it be served, it is nowhere.
    @Test(arguments: [
        (
            "--picture-cache", "1",
            "a.png: its pixels take 2 MB, more than the 1 MB for decoded pictures; raise --picture-cache."
        ),
        (
            "--pixel-limit", "0.3",
            "a.png announces 680×500 pixels, more than the limit of 0.3 megapixels; if the file is trusted, raise it with "
                + "--pixel-limit 1."
        ),
        ("--feature-folder", "a.png/tiles", "a.png: cannot be written: not a directory."),
    ])
    func whatCannotBeServedIsSaid(_ option: String, _ value: String, _ error: String) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 680, height: 500).write(to: folder + "/a.png")
            let nowhere = String(repeating: "a", count: 300)
            try expectFailure(
                "serve", "a.png", option, value, "--host", nowhere, status: 1, error: error, in: folder)
        }
    }
}
