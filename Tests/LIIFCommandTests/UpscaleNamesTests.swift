import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// Names of pictures that are unlike others: none of them is lost without a word.
@Suite struct UpscaleNamesTests {
    /// `in` with the picture `a.png`.
    private func withFolder(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/in", withIntermediateDirectories: false)
            try testPicture(width: 8, height: 6).write(to: folder + "/in/a.png")
            try body(folder)
        }
    }

    @Test func whatLeadsToTheSameFileIsNamed() throws {
        try withFolder { folder in
            let manager = FileManager.default
            try manager.createSymbolicLink(atPath: folder + "/in/b.png", withDestinationPath: "a.png")
            try manager.createSymbolicLink(atPath: folder + "/in/round", withDestinationPath: "../in")
            let arguments = ["upscale", "in", "-r", "-o", "out", "--width", "5"]
            let outcome = try liif(arguments, in: folder)
            let words = [
                "in/b.png is left out: it is the same file as in/a.png.\n",
                "in/round is left out: it is a link to a folder.\n",
            ]
            #expect(outcome.status == 0 && outcome.errors.hasPrefix(words.joined()), "\(outcome.errors)")
            #expect(outcome.errors.contains("1 of 1 pictures in "))
            #expect(try liif(arguments + ["-q", "--overwrite"], in: folder).errors == "")
        }
    }

    /// A folder whose pictures were named before it holds pictures all the same.
    @Test func aFolderOfPicturesThatAreKnown() throws {
        try withFolder { folder in
            let outcome = try liif(["upscale", "in/a.png", "in", "-o", "out", "--width", "5"], in: folder)
            #expect(
                outcome.status == 0 && outcome.errors.contains("1 of 1 pictures in "), "\(outcome.errors)")
            #expect(!outcome.errors.contains("left out"))
        }
    }

    #if os(Linux)
        /// An accent of its own or not: to Linux these are two names, to Swift's strings one.
        @Test func namesThatLookAlike() throws {
            try withFolder { folder in
                for name in ["caf\u{E9}.png", "cafe\u{301}.png"] {
                    try testPicture(width: 8, height: 6).write(to: folder + "/in/" + name)
                }
                let outcome = try liif(["upscale", "in", "-o", "out", "--width", "5"], in: folder)
                #expect(
                    outcome.status == 0 && outcome.errors.contains("3 of 3 pictures in "), "\(outcome.errors)"
                )
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/out").count == 3)
            }
        }

        @Test func namesThatAreNotUTF8() throws {
            try withFolder { folder in
                let script = """
                    cp in/a.png "$(printf 'in/b\\377.png')"
                    cp in/a.png "$(printf 'in/b\\376.png')"
                    mkdir "$(printf 'in/c\\377')"
                    exec "$0" upscale in -r -o out --width 5
                    """
                let (status, output) = try runScript(script, in: folder)
                let error =
                    "in/b\u{FFFD}.png: its name is not UTF-8, and other names are not read; rename it.\n"
                #expect(status == 1 && output.contains("1 of 3 pictures in "), "\(output)")
                #expect(output.components(separatedBy: "Error: " + error).count == 3, "\(output)")
                #expect(output.hasPrefix("in/c\u{FFFD} is left out: its name is not UTF-8.\n"), "\(output)")
            }
        }
    #endif
}
