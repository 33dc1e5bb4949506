#if os(Linux)
    import Foundation
    import ImageCodecs
    import TestSupport
    import Testing

    /// Standard streams that take nothing: a full disk, or none at all.
    @Suite struct LostOutputTests {
        private func withPictures(_ body: (String) throws -> Void) throws {
            try withTemporaryFolder { folder in
                for name in ["a", "b"] {
                    try testPicture(width: 9, height: 7).write(to: folder + "/\(name).png")
                }
                try body(folder)
            }
        }

        private static let upscale = "\"$0\" upscale a.png b.png -o out/ --scale 2"

        @Test(arguments: ["2>/dev/full", "2>&-"]) func picturesAreMadeThoughNobodyIsTold(redirection: String)
            throws
        {
            try withPictures { folder in
                let (status, _) = try runScript("\(Self.upscale) \(redirection)", in: folder)
                #expect(status == 0)
                #expect(try contents(of: folder + "/out").keys.sorted() == ["a.png", "b.png"])
            }
        }

        /// The pictures are there, but whoever reads the records cannot know.
        @Test func recordsThatAreLostAreAnError() throws {
            try withPictures { folder in
                let (status, errors) = try runScript("\(Self.upscale) --json -q >/dev/full", in: folder)
                #expect(status == 1 && errors == "Error: Not all of the standard output could be written.\n")
                #expect(try contents(of: folder + "/out").keys.sorted() == ["a.png", "b.png"])
            }
        }

        @Test(arguments: ["info --default", "models"]) func whatIsPrintedAndLostIsAnError(command: String)
            throws
        {
            try withPictures { folder in
                let (status, errors) = try runScript("\"$0\" \(command) >/dev/full", in: folder)
                #expect(status == 1 && errors == "Error: Not all of the standard output could be written.\n")
            }
        }
    }
#endif
