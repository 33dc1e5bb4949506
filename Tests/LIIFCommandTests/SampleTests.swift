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

    /// One of the examples beside the tests, run to its end.
    private func run(_ example: String, _ arguments: [String], in folder: String) throws {
        let process = Program.process(arguments, in: folder)
        process.executableURL = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
            .appendingPathComponent(example)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// The oracle is the same picture, encoded and rendered as a whole.
    @Test func aLargePictureIsMadeInRows() throws {
        try withTemporaryFolder { folder in
            let picture = testPicture(width: 30, height: 50)
            try picture.write(to: folder + "/in.png")
            try run("LargePicture", ["in.png", "out.png"], in: folder)
            let expected = try LIIFModel.default().encode(picture).rendered(height: 200, width: 120).rounded()
            #expect(try Image<UInt8>.read(from: folder + "/out.png") == expected)
        }
    }

    /// The first frame is the whole picture, the last its middle eighth.
    @Test func theCameraZoomsIn() throws {
        try withTemporaryFolder { folder in
            let picture = testPicture(width: 64, height: 48)
            try picture.write(to: folder + "/in.png")
            try run("Zoom", ["in.png", "frames"], in: folder)
            let frames = (0..<8).map { "frame-\($0).png" }
            #expect(try contents(of: folder + "/frames").keys.sorted() == frames)
            let image = try LIIFModel.default().encode(picture)
            let parts = [
                ("frame-0.png", image.bounds), ("frame-7.png", Region(y: 21, x: 28, height: 6, width: 8)),
            ]
            for (frame, part) in parts {
                let expected: Image<UInt8> = try image.rendered(part, height: 120, width: 160).rounded()
                #expect(try Image<UInt8>.read(from: folder + "/frames/" + frame) == expected)
            }
        }
    }
}
