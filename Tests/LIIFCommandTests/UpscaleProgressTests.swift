import Foundation
import ImageCodecs
import TestSupport
import Testing

/// What is seen while pictures are enlarged.
@Suite struct UpscaleProgressTests {
    /// Of util-linux: gives the program a terminal.
    static let hasTerminal: Bool = {
        #if os(Linux)
            FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
        #else
            false
        #endif
    }()

    /// Thousands of headers take a while.
    @Test(.enabled(if: hasTerminal, "needs script, of util-linux"))
    func planningIsShownOnATerminalOnly() throws {
        try withTemporaryFolder { folder in
            for name in ["a", "b"] {
                try testPicture(width: 4, height: 3).write(to: "\(folder)/\(name).png")
            }
            func onTerminal(_ arguments: String) throws -> String {
                let outcome = try runScript(
                    "/usr/bin/script -qec \"'$0' upscale \(arguments) --scale 1 --overwrite\" /dev/null",
                    in: folder)
                #expect(outcome.status == 0, "\(outcome.output)")
                return outcome.output
            }
            let shown = try onTerminal("a.png b.png -o out")
            // It is written over, and so does not stay.
            #expect(shown.contains("1/2  a.png  planning\r\u{1B}[K"), "\(shown)")
            #expect(try !onTerminal("a.png b.png -o out --quiet").contains("planning"))
            #expect(try !onTerminal("a.png -o c.png").contains("planning"))
            let piped = try liif(
                ["upscale", "a.png", "b.png", "-o", "out", "--scale", "1", "--overwrite"], in: folder)
            #expect(piped.status == 0 && !piped.errors.contains("planning"))
        }
    }
}
