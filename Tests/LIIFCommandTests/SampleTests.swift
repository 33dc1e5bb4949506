import Foundation
import ImageCodecs
import Imaging
import LIIF
import TestSupport
import Testing

/// The README's code is the program in Examples/Sample, which is compiled and run here.
@Suite struct SampleTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func theReadmeShowsTheSample() throws {
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let sample = try String(
            contentsOf: root.appendingPathComponent("Examples/Sample/main.swift"), encoding: .utf8)
        let blocks = readme.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "```")[0]
        }
        #expect(blocks.first == sample)
    }

    @Test func theSampleRuns() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 60, height: 45).write(to: folder + "/photo.jpg")
            let process = Program.process([], in: folder)
            process.executableURL = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
                .appendingPathComponent("Sample")
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(try contents(of: folder).keys.sorted() == ["detail.jpg", "photo.jpg", "poster.png"])
            // The oracle is the same call on the same file.
            let photo = try Image<UInt8>.read(from: folder + "/photo.jpg")
            let expected = try LIIFModel.default().encode(photo).rendered(height: 555, width: 740).rounded()
            #expect(try Image<UInt8>.read(from: folder + "/poster.png") == expected)
        }
    }
}
