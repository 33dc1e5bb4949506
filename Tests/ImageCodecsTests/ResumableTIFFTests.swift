import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

@Suite struct ResumableTIFFTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static let image = Image<UInt8>(
        width: 150, height: 203, channels: 3,
        samples: (0..<150 * 203 * 3).map {
            UInt8(truncatingIfNeeded: ($0 / 3 % 150) &* ($0 / 450) >> 3 &+ $0 % 3)
        })

    static let metadata: ImageMetadata = {
        var metadata = try! ImageFile.source(at: Fixture.path("camera.jpg")).metadata
        metadata.software = "test"
        return metadata
    }()

    static func sink(
        _ path: String, _ compression: TIFFOptions.Compression = .deflate(),
        job: [String: String] = ["input": "a=b\n%"]
    ) throws(ImageCodecError) -> ResumableTIFFSink {
        let info = ImageInfo(width: 150, height: 203, channels: 3)
        let options = TIFFOptions(compression: compression, tileSize: 32, container: .big)
        return try ResumableTIFF.sink(at: path, info: info, metadata: metadata, options: options, job: job)
    }

    /// Writes rows up to `end`.
    static func write(_ sink: ResumableTIFFSink, upTo end: Int) throws {
        while sink.rowsWritten < end {
            let y = sink.rowsWritten
            try sink.writeRows(image.cropped(y: y, x: 0, height: min(7, end - y), width: 150))
        }
    }

    private func uninterrupted(_ compression: TIFFOptions.Compression = .deflate()) throws -> [UInt8] {
        let sink = try Self.sink(folder.file("whole.tif"), compression)
        #expect(sink.rowsWritten == 0)
        try Self.write(sink, upTo: 203)
        try sink.finish()
        #expect(!(try folder.names).contains { $0.contains(".liif-") })
        return try folder.bytes("whole.tif")
    }

    @Test func oneRunIsAnOrdinaryFile() throws {
        let whole = try uninterrupted()
        #expect(try Image<UInt8>.read(from: folder.file("whole.tif"), inSRGB: false) == Self.image)
        let tiff = TIFFOptions(tileSize: 32, container: .big)
        try Self.image.write(
            to: folder.file("plain.tif"), metadata: Self.metadata, options: EncodingOptions(tiff: tiff))
        #expect(try folder.bytes("plain.tif") == whole)
    }

    @Test(arguments: [TIFFOptions.Compression.none, .lzw, .deflate(), .zstd()])
    func runsAfterCancellationsGiveTheSameBytes(compression: TIFFOptions.Compression) throws {
        let whole = try uninterrupted(compression)
        let path = folder.file("a.tif")
        // Where each run stops, and where the next one goes on: rows of tiles have 32 rows.
        for (end, begin) in [(5, 0), (33, 0), (64, 32), (100, 64), (101, 96), (203, 96)] {
            let sink = try Self.sink(path, compression)
            #expect(sink.rowsWritten == begin)
            try Self.write(sink, upTo: end)
            #expect(ResumableTIFF.isBegun(at: path))
        }
        let last = try Self.sink(path, compression)
        #expect(last.rowsWritten == 203)
        try last.finish()
        #expect(try folder.bytes("a.tif") == whole)
        #expect(try folder.names == ["a.tif", "whole.tif"])
    }

    /// Between emptying the journal and writing it again a crash, or a disk that is full by then, would lose everything.
    @Test func theJournalOfEarlierRunsIsNotWrittenAgain() throws {
        let path = folder.file("a.tif")
        let journal = folder.file(".a.tif.liif-journal")
        try Self.write(try Self.sink(path), upTo: 70)
        let whole = try folder.bytes(".a.tif.liif-journal")
        // A line that a killed run left half-written is cut off.
        for rest in ["", "row 2 "] {
            try Data(whole + rest.utf8).write(to: URL(fileURLWithPath: journal))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: journal)
            let sink = try Self.sink(path)
            #expect(sink.rowsWritten == 64)
            #expect(try folder.bytes(".a.tif.liif-journal") == whole)
            let date = try FileManager.default.attributesOfItem(atPath: journal)[.modificationDate] as? Date
            if rest.isEmpty { #expect(date == Date(timeIntervalSince1970: 1e9)) }
        }
    }

    /// A child process writes rows until it is killed, several times over.
    @Test func afterKillTheFileIsTheSame() async throws {
        let whole = try uninterrupted()
        let path = "/tmp/liif-kill-\(getpid()).tif"
        defer {
            unlink(path)
            ResumableTIFF.discard(at: path)
        }
        var starts: [Int] = []
        for _ in 0..<3 {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let path = "/tmp/liif-kill-\(getppid()).tif"
                let sink = try ResumableTIFFTests.sink(path)
                try ResumableTIFFTests.write(sink, upTo: min(203, sink.rowsWritten + 80))
                kill(getpid(), SIGKILL)
            }
            let sink = try Self.sink(path)
            starts.append(sink.rowsWritten)
        }
        #expect(starts == [64, 128, 203])
        let sink = try Self.sink(path)
        try Self.write(sink, upTo: 203)
        try sink.finish()
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == whole)
    }

    @Test func damageBehindTheLastWholeRowIsWrittenAgain() throws {
        let whole = try uninterrupted()
        let path = folder.file("a.tif")
        let partial = ResumableTIFF.partialPath(for: path)
        let journal = folder.file(".a.tif.liif-journal")
        func begin() throws {
            ResumableTIFF.discard(at: path)
            try Self.write(try Self.sink(path), upTo: 130)
        }
        func edit(_ file: String, _ change: (inout [UInt8]) -> Void) throws {
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            change(&bytes)
            try Data(bytes).write(to: URL(fileURLWithPath: file))
        }
        let damages: [(String, expected: Int, (inout [UInt8]) -> Void)] = [
            (partial, 128, { $0 += [1, 2, 3] }),
            (partial, 96, { $0.removeLast(5) }),
            (partial, 96, { $0[$0.count - 10] ^= 1 }),
            (partial, 0, { $0 = [] }),
            (journal, 96, { $0.removeLast(2) }),
            (journal, 128, { $0 += Array("row 4 99".utf8) }),
            (journal, 0, { $0 = Array($0[..<30]) }),
            (journal, 0, { $0 = [] }),
        ]
        for (index, damage) in damages.enumerated() {
            try begin()
            try edit(damage.0, damage.2)
            let sink = try Self.sink(path)
            #expect(sink.rowsWritten == damage.expected, "damage \(index)")
            try Self.write(sink, upTo: 203)
            try sink.finish()
            #expect(try folder.bytes("a.tif") == whole, "damage \(index)")
        }
    }

    @Test func anotherJobIsRefused() throws {
        let path = folder.file("a.tif")
        try Self.write(try Self.sink(path, job: ["input": "1", "model": "x"]), upTo: 64)
        let before = try folder.names
        let error = #expect(throws: ImageCodecError.self) {
            try Self.sink(path, .lzw, job: ["input": "2", "model": "x"])
        }
        #expect(
            error?.description
                == "\(path) cannot be resumed: it was begun with another input, layout; go on as it was begun, or remove "
                + "\(ResumableTIFF.partialPath(for: path)) to start again.")
        // Nothing is lost by trying.
        #expect(try folder.names == before)
        #expect(try Self.sink(path, job: ["input": "1", "model": "x"]).rowsWritten == 64)
        // The error's advice.
        try FileManager.default.removeItem(atPath: ResumableTIFF.partialPath(for: path))
        #expect(try Self.sink(path, .lzw, job: ["input": "2", "model": "x"]).rowsWritten == 0)
        ResumableTIFF.discard(at: path)
        #expect(try folder.names.isEmpty)
    }

    @Test func twoWritersAtOnceAreRefused() throws {
        let path = folder.file("a.tif")
        let first = try Self.sink(path)
        #expect(
            throws: ImageCodecError.unwritable(
                path: path, reason: "another process is writing \(ResumableTIFF.partialPath(for: path))")
        ) { try Self.sink(path) }
        withExtendedLifetime(first) {}
    }

    /// Nor may one begin anew while the other is at work, whichever file is missing.
    @Test func removedFilesDoNotUnlock() throws {
        let path = folder.file("a.tif")
        for name in [".a.tif.liif-partial", ".a.tif.liif-journal"] {
            let first = try Self.sink(path)
            try FileManager.default.removeItem(atPath: folder.file(name))
            #expect(throws: ImageCodecError.self, "\(name)") { try Self.sink(path) }
            withExtendedLifetime(first) {}
        }
    }

    @Test func theOldFilesPermissionsAreKept() throws {
        let path = try folder.file("a.tif", containing: Array("old".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        func permissions(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        let sink = try Self.sink(path)
        #expect(try permissions(ResumableTIFF.partialPath(for: path)) == 0o600)
        try Self.write(sink, upTo: 203)
        try sink.finish()
        #expect(try permissions(path) == 0o600)
        #expect(try Image<UInt8>.read(from: path, inSRGB: false) == Self.image)
    }

    @Test func aLinkToAFileThatIsMissingStaysOne() throws {
        let path = folder.file("a.tif")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "b.tif")
        #expect(ResumableTIFF.partialPath(for: path) == folder.file(".b.tif.liif-partial"))
        let sink = try Self.sink(path)
        try Self.write(sink, upTo: 203)
        try sink.finish()
        #expect(try folder.names == ["a.tif", "b.tif"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "b.tif")
        #expect(try Image<UInt8>.read(from: folder.file("b.tif"), inSRGB: false) == Self.image)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "absent/b.tif")
        #expect(throws: ImageCodecError.unwritable(path: path, reason: "its folder does not exist")) {
            try Self.sink(path)
        }
    }

    /// Their names can be guessed: a link of somebody else's must not lead the rows elsewhere.
    @Test(arguments: [".a.tif.liif-partial", ".a.tif.liif-journal"])
    func partialFilesAreNotFoundThroughLinks(name: String) throws {
        let other = try folder.file("other", containing: Array("of somebody else".utf8))
        try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: other)
        #expect(throws: ImageCodecError.self) { try Self.sink(folder.file("a.tif")) }
        #expect(try folder.bytes("other") == Array("of somebody else".utf8))
    }

    @Test func hashesAreSHA256() throws {
        var hash = ContentHash()
        #expect(hash.digits == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        hash.add("abc".utf8)
        #expect(hash.digits == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        // A million times "a", in pieces of every length: FIPS 180's third example.
        hash = ContentHash()
        var left = 1_000_000
        for length in sequence(first: 1, next: { $0 % 997 + 1 }) {
            guard left > 0 else { break }
            hash.add([UInt8](repeating: 0x61, count: min(length, left)))
            left -= length
        }
        #expect(hash.digits == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        let path = try folder.file("x", containing: Array("abc".utf8))
        #expect(try ContentHash.ofFile(at: path).hasPrefix("ba7816bf"))
    }
}
