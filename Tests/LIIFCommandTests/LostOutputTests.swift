#if os(Linux)
    import Foundation
    import ImageCodecs
    import LIIF
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

        /// Opens descriptor 4, a pipe that nobody reads.
        private static let unread = "mkfifo pipe; exec 3<>pipe 4>pipe 3>&-; rm pipe"

        /// As where `head` or `tee` has ended: whoever reads messages and records does not decide whether pictures are made.
        @Test(arguments: [("2>&4", Int32(0)), ("--json -q >&4", 128 + SIGPIPE)])
        func aReaderThatGoesAwayStopsNothing(redirection: String, status: Int32) throws {
            try withPictures { folder in
                let (_, output) = try runScript(
                    "\(Self.unread); \(Self.upscale) \(redirection); echo $?", in: folder)
                #expect(output == "\(status)\n")
                #expect(try contents(of: folder + "/out").keys.sorted() == ["a.png", "b.png"])
            }
        }

        /// `liif info … | head` is no error to be told of.
        @Test func aReaderThatHasSeenEnoughIsNotToldOff() throws {
            try withPictures { folder in
                let (_, output) = try runScript(
                    "\(Self.unread); \"$0\" info --default >&4; echo $?", in: folder)
                #expect(output == "\(128 + SIGPIPE)\n")
            }
        }

        /// More than the stream's buffer holds, which goes by it.
        @Test func aLongTextThatIsLostIsAnError() throws {
            try withPictures { folder in
                try smallModel().write(to: folder + "/small.safetensors")
                try FileManager.default.createDirectory(
                    atPath: folder + "/set", withIntermediateDirectories: false)
                let name = String(repeating: "long", count: 50)
                for number in 1...40 {
                    try testPicture(width: 8, height: 8).write(to: "\(folder)/set/\(name)\(number).png")
                }
                let command =
                    "\"$0\" evaluate --set set --style faces --scales 2 --by-picture --model small.safetensors"
                let (status, errors) = try runScript("\(command) >/dev/full", in: folder)
                #expect(status == 1 && errors == "Error: Not all of the standard output could be written.\n")
            }
        }

        /// No file that the program opens takes the place of a stream that is closed.
        @Test(arguments: [
            ("- -o c.png", "<&-", "The standard input cannot be read"),
            ("a.png -o -", ">&-", "The standard output cannot be written"),
        ])
        func closedStreamsStayClosed(arguments: String, redirection: String, error: String) throws {
            try withPictures { folder in
                let (status, output) = try runScript(
                    "\"$0\" upscale \(arguments) --scale 0.5 \(redirection)", in: folder)
                #expect(status == 1 && output == "Error: \(error): bad file descriptor.\n")
            }
        }

        /// Containers that share a folder for temporary files may have the same process numbers.
        @Test func whatIsOnItsWayToTheOutputIsNotNamedByTheProcess() throws {
            try withPictures { folder in
                let (status, output) = try runScript(
                    "export TMPDIR=\"$PWD\"; mkdir liif-$$-output.png; "
                        + "exec \"$0\" upscale a.png -o - --scale 0.5 -q >c.png", in: folder)
                #expect(status == 0, "\(output)")
                #expect(try ImageFile.source(at: folder + "/c.png").info.width == 5)
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
