import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

@Suite struct WritingErrorTests {
    let folder: TemporaryFolder
    let image = Image<UInt8>(width: 9, height: 7, channels: 3, repeating: 77)
    let info = ImageInfo(width: 9, height: 7, channels: 3)

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: ["picture", "picture.xyz", "picture.png.bak", ".png", "png"])
    func unknownExtension(name: String) throws {
        let path = folder.file(name)
        #expect(throws: ImageCodecError.unknownExtension(path: path)) { try image.write(to: path) }
        #expect(try folder.names.isEmpty)
        let text = ImageCodecError.unknownExtension(path: path).description
        #expect(text == "\(path): the output's name must end in .png, .jpg, .tif, .webp or .jxl.")
    }

    @Test(arguments: ["png", "jpg"])
    func unwritableFolderIsNoticedBeforeAnyRow(pathExtension: String) throws {
        let path = folder.file("nowhere/a." + pathExtension)
        #expect(throws: ImageCodecError.unwritable(path: path, reason: "its folder does not exist")) {
            try ImageFile.sink(at: path, info: info)
        }
        #expect(try folder.names.isEmpty)
    }

    @Test func aDirectoryIsNotReplaced() throws {
        let path = folder.file("a.png")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: ImageCodecError.unwritable(path: path, reason: "it is a folder")) {
            try image.write(to: path)
        }
        #expect(try folder.names == ["a.png"])
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere")) func protectedFolder() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer {
            try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        }
        let path = folder.file("a.png")
        #expect(throws: ImageCodecError.unwritable(path: path, reason: "permission denied")) {
            try ImageFile.sink(at: path, info: info)
        }
    }

    @Test func whatJPEGCannotHold() throws {
        let path = folder.file("a.jpg")
        let wrong = [
            ImageInfo(width: 65501, height: 1, channels: 3), ImageInfo(width: 1, height: 70000, channels: 1),
            ImageInfo(width: 3, height: 3, channels: 4), ImageInfo(width: 3, height: 3, channels: 2),
            ImageInfo(width: 3, height: 3, channels: 3, bitsPerSample: 16),
        ]
        for info in wrong {
            let error = #expect(throws: ImageCodecError.self) { try ImageFile.sink(at: path, info: info) }
            guard case .exceedsFormat(path, .jpeg, _) = error else {
                Issue.record("\(info): \(error?.description ?? "accepted")")
                continue
            }
        }
        #expect(try folder.names.isEmpty)
        let widest = try ImageFile.sink(at: path, info: ImageInfo(width: 65500, height: 1, channels: 1))
        try widest.writeRows(Image<UInt8>(width: 65500, height: 1, channels: 1))
        try widest.finish()
        #expect(try Image<UInt8>.read(from: path).width == 65500)
    }

    @Test(arguments: ["a.png", "a.jpg"])
    func cancellingKeepsTheOldFile(name: String) throws {
        let old = try folder.file(name, containing: Array("old".utf8))
        let sink = try ImageFile.sink(at: old, info: info)
        try sink.writeRows(image.cropped(y: 0, x: 0, height: 3, width: 9))
        #expect(try folder.bytes(name) == Array("old".utf8))
        sink.cancel()
        #expect(try folder.names == [name])
        sink.cancel()
        do {  // A sink that is simply dropped, as when an error unwinds.
            let dropped = try ImageFile.sink(at: old, info: info)
            try dropped.writeRows(image.cropped(y: 0, x: 0, height: 1, width: 9))
        }
        #expect(try folder.names == [name])
        #expect(try Data(contentsOf: URL(fileURLWithPath: old)) == Data("old".utf8))
    }

    @Test(arguments: ["a.png", "a.jpg"])
    func finishingFailsCleanlyWhenTheFolderVanished(name: String) throws {
        let inner = folder.file("inner")
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
        let sink = try ImageFile.sink(at: inner + "/" + name, info: info)
        try sink.writeRows(image)
        try FileManager.default.removeItem(atPath: inner)
        #expect(
            throws: ImageCodecError.unwritable(path: inner + "/" + name, reason: "its folder does not exist")
        ) {
            try sink.finish()
        }
        #expect(try folder.names.isEmpty)
    }

    /// A limit on a file's size refuses bytes as a full disk does.
    @Test(arguments: ["a.png", "a.jpg", "a.tif", "a.webp", "a.jxl"]) func aFullDiskLeavesNothing(name: String)
        async
    {
        await #expect(processExitsWith: .success) { [name] in
            let folder = try TemporaryFolder()
            let old = try folder.file(name, containing: Array("old".utf8))
            var limit = rlimit(rlim_cur: 20_000, rlim_max: 20_000)
            signal(SIGXFSZ, SIG_IGN)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(3) }
            var noise = Mutator(seed: 1)
            let image = Image<UInt8>(
                width: 300, height: 300, channels: 3,
                samples: (0..<270_000).map { _ in UInt8(noise.next(below: 256)) })
            do throws(ImageCodecError) {
                try image.write(to: old)
                exit(4)
            } catch {
                guard case .unwritable(old, "file too large") = error else { exit(5) }
            }
            guard try folder.names == [name], try folder.bytes(name) == Array("old".utf8) else { exit(6) }
        }
    }

    @Test func optionsOutsideTheirRangesTrapInMemoryToo() async {
        await #expect(processExitsWith: .failure) {
            let image = Image<UInt8>(width: 1, height: 1, channels: 3, samples: [1, 2, 3])
            _ = try image.encoded(as: .webp, options: EncodingOptions(webpQuality: -1))
        }
    }

    @Test func unfinishedOutputsCanBeRemovedOnExit() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let info = ImageInfo(width: 9, height: 7, channels: 3)
            let sink = try ImageFile.sink(at: folder.file("a.png"), info: info)
            let image = Image<UInt8>(width: 9, height: 7, channels: 3)
            try sink.writeRows(image)
            try image.write(to: folder.file("b.png"))
            ImageFile.removeUnfinishedOutputs()
            guard try folder.names == ["b.png"] else { exit(3) }
            guard (try? sink.finish()) == nil else { exit(4) }
        }
    }
}
