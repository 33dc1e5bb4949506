import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

@Suite struct ReadingErrorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The error of reading a file of these bytes.
    private func error(_ name: String, _ bytes: [UInt8], pixelLimit: Int = 1 << 20) throws -> ImageCodecError?
    {
        let path = try folder.file(name, containing: bytes)
        return #expect(throws: ImageCodecError.self) {
            try Image<UInt8>.read(from: path, pixelLimit: pixelLimit)
        }
    }

    @Test func missingFile() throws {
        let path = folder.file("nowhere.png")
        #expect(throws: ImageCodecError.fileNotFound(path: path)) { try Image<UInt8>.read(from: path) }
        #expect(ImageCodecError.fileNotFound(path: path).description == "\(path): there is no such file.")
    }

    @Test func directory() throws {
        #expect(throws: ImageCodecError.notARegularFile(path: folder.path)) {
            try Image<UInt8>.read(from: folder.path)
        }
        #expect(throws: ImageCodecError.notARegularFile(path: "/dev/null")) {
            try Image<UInt8>.read(from: "/dev/null")
        }
    }

    @Test func notAnImage() throws {
        let path = folder.file("a.png")
        #expect(try error("a.png", Array("Dear diary".utf8)) == .notAnImage(path: path, found: nil))
        #expect(try error("a.png", []) == .notAnImage(path: path, found: "an empty file"))
        #expect(
            try error("a.png", Array("GIF89a......".utf8)) == .notAnImage(path: path, found: "a GIF file"))
        let heif = Array("....ftypheic....".utf8)
        #expect(
            try error("a.png", heif)?.description
                == "\(path) is a HEIF file; pictures are read from PNG, JPEG, TIFF, WebP or JPEG XL files.")
    }

    /// Sequences and pictures of more than 8 bits have brands of their own.
    @Test(arguments: [
        ("....ftypheix....", "a HEIF file"), ("....ftyphevc....", "a HEIF file"),
        ("....ftypmsf1....", "a HEIF file"), ("....ftypavif....", "an AVIF file"),
        ("....ftypavis....", "an AVIF file"), ("8BPS........", "a Photoshop file"),
    ])
    func formatsThatAreNotReadAreNamed(bytes: String, found: String) throws {
        #expect(
            try error("a.png", Array(bytes.utf8)) == .notAnImage(path: folder.file("a.png"), found: found))
    }

    @Test func extensionsOfFormatsThatAreNotRead() {
        for name in ["a.heic", "b/c.HEIC", "a.heif", "a.hif", "a.Avif", "a.gif", "a.bmp", "a.psd", "a.b.jp2"]
        {
            #expect(ImageFormat.isUnread(pathExtension: name), "\(name)")
            #expect(ImageFormat(pathExtension: name) == nil, "\(name)")
        }
        for name in ["a.png", "a.JXL", "a.txt", "heic", ".heic", "a.heic/b", ""] {
            #expect(!ImageFormat.isUnread(pathExtension: name), "\(name)")
        }
    }

    @Test func theContentsDecideNotTheName() throws {
        let path = try folder.file("a.jpg", containing: try Fixture.bytes("rgb.png"))
        #expect(try Image<UInt8>.read(from: path).samples == (try Fixture.bytes("rgb.png.raw")))
    }

    @Test(arguments: ["rgb.png", "interlaced.png", "rgb-420.jpg", "progressive.jpg", "grey.jpg"])
    func truncatedAnywhere(name: String) throws {
        let bytes = try Fixture.bytes(name)
        let format: ImageFormat = name.hasSuffix("png") ? .png : .jpeg
        for count in stride(from: 8, to: bytes.count, by: 7) {
            let error = try error(name, Array(bytes[..<count]))
            guard case .truncated(folder.file(name), format, _) = error else {
                Issue.record("\(count) of \(bytes.count) bytes: \(error?.description ?? "decoded")")
                continue
            }
        }
        // Every row is there; only the file's last byte is missing.
        guard case .truncated = try error(name, bytes.dropLast()) else {
            Issue.record("the last byte may be missing")
            return
        }
    }

    @Test func truncationTellsHowFarItGot() throws {
        let bytes = try Fixture.bytes("grey.jpg")
        let text = try #require(try error("a.jpg", Array(bytes[..<(bytes.count - 150)]))).description
        #expect(text.contains("is a truncated JPEG file: it ends after "))
        #expect(text.hasSuffix(" of 31 rows."))
        let header = try #require(try error("a.png", Array(try Fixture.bytes("rgb.png")[..<20]))).description
        #expect(header.hasSuffix("is a truncated PNG file: it ends within its header."))
    }

    @Test func wrongChecksum() throws {
        var bytes = try Fixture.bytes("rgb.png")
        bytes[try #require(PNGChunks.position(of: "IDAT", in: bytes)) + 300] ^= 0x10
        guard case .corrupt(folder.file("a.png"), .png, _) = try error("a.png", bytes) else {
            Issue.record("a wrong byte in IDAT goes unnoticed")
            return
        }
    }

    @Test func damagedJPEGData() throws {
        var bytes = try Fixture.bytes("rgb-444.jpg")
        bytes.replaceSubrange(
            bytes.count - 300..<bytes.count - 280, with: [UInt8](repeating: 0xFE, count: 20))
        bytes[bytes.count - 200] = 0xFF
        bytes[bytes.count - 199] = 0xD3  // a restart marker where none belongs
        guard case .corrupt(folder.file("a.jpg"), .jpeg, _) = try error("a.jpg", bytes) else {
            Issue.record("damage goes unnoticed")
            return
        }
    }

    @Test func headersAreNotBelieved() throws {
        let bomb = PNGChunks.header(width: 65535, height: 65535)
        let path = folder.file("bomb.png")
        let limit = ImageFile.defaultPixelLimit
        #expect(
            try error("bomb.png", bomb, pixelLimit: limit)
                == .tooManyPixels(path: path, width: 65535, height: 65535, limit: limit))
        // The limit can be raised or lowered; the check is exact.
        #expect(
            try error("bomb.png", bomb, pixelLimit: 65535 * 65535 - 1)
                == .tooManyPixels(path: path, width: 65535, height: 65535, limit: 65535 * 65535 - 1))
        let source = try ImageFile.source(at: path, pixelLimit: 65535 * 65535)
        #expect(source.info == ImageInfo(width: 65535, height: 65535, channels: 3))
        let huge = PNGChunks.header(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF)
        #expect(throws: ImageCodecError.self) {
            try error("huge.png", huge, pixelLimit: limit).map { throw $0 }
        }
        for (width, height) in [(0, 5), (5, 0), (0x8000_0000, 1)] as [(UInt32, UInt32)] {
            guard case .corrupt = try error("odd.png", PNGChunks.header(width: width, height: height)) else {
                Issue.record("\(width)×\(height) passes")
                continue
            }
        }
        _ = try Image<UInt8>.read(from: try Fixture.path("rgb.png"), pixelLimit: 31 * 37)
        #expect(throws: ImageCodecError.self) {
            try Image<UInt8>.read(from: try Fixture.path("rgb.png"), pixelLimit: 31 * 37 - 1)
        }
    }

    @Test(arguments: ["rgb-420.jpg", "progressive.jpg"])
    func jpegHeadersAreNotBelieved(name: String) throws {
        var bytes = try Fixture.bytes(name)
        let marker = try #require(
            bytes.indices.first { bytes[$0] == 0xFF && [0xC0, 0xC2].contains(bytes[$0 + 1]) })
        bytes.replaceSubrange(marker + 5..<marker + 9, with: [0xFF, 0x00, 0xFF, 0x00])
        #expect(
            try error(name, bytes)
                == .tooManyPixels(path: folder.file(name), width: 0xFF00, height: 0xFF00, limit: 1 << 20))
        bytes.replaceSubrange(marker + 5..<marker + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
        guard case .unsupported(folder.file(name), .jpeg, let detail) = try error(name, bytes) else {
            Issue.record("65535 pixels pass")
            return
        }
        #expect(detail.contains("65500"))
    }

    /// Another program cuts the file while it is read: an error as for any file that ends early.
    @Test(arguments: ["a.png", "a.jpg", "strips.tif", "tiles.tif"])
    func inputCutWhileItIsRead(name: String) throws {
        var noise = Mutator(seed: 2)
        let image = Image<UInt8>(
            width: 120, height: 90, channels: 3,
            samples: (0..<32400).map { _ in UInt8(noise.next(below: 256)) })
        let tile = name == "tiles.tif" ? 16 : nil
        let path = folder.file(name)
        try image.write(
            to: path, options: EncodingOptions(tiff: TIFFOptions(compression: .lzw, tileSize: tile)))
        let source = try ImageFile.source(at: path)
        truncate(path, 50)
        let error = #expect(throws: ImageCodecError.self) {
            while try source.readRows(1, as: UInt8.self) != nil {}
        }
        // What was in memory already may be read; then the file ends.
        switch error {
        case .truncated(path, _, _), .corrupt(path, _, _): break
        default: Issue.record("\(error?.description ?? "read")")
        }
    }
}
