import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

@Suite struct MetadataTests {
    let folder: TemporaryFolder
    private static let output = ImageInfo(width: 74, height: 93, channels: 3)
    private static let names = ["a.jpg", "a.png", "a.tif", "a.webp", "a.jxl"]

    init() throws { folder = try TemporaryFolder() }

    /// Writes a larger picture with the camera's metadata from `input`, as the program does.
    private func convert(_ input: String, to name: String, provenance: Provenance? = nil) throws
        -> ImageMetadata
    {
        let source = try ImageFile.source(at: try Fixture.path(input))
        var metadata = source.metadata
        if let provenance { metadata = metadata.produced(by: provenance) }
        // Compressed with loss, JPEG XL holds what the profile means in a form of its own; see JPEGXLTests.
        let sink = try ImageFile.sink(
            at: folder.file(name), info: Self.output, metadata: metadata,
            options: EncodingOptions(jpegXLQuality: nil))
        try sink.writeRows(Image<UInt8>(width: 74, height: 93, channels: 3, repeating: 99))
        try sink.finish()
        return try ImageFile.source(at: folder.file(name), upright: false).metadata
    }

    private static let provenance = Provenance(
        program: "liif 9.9", model: "default", scale: (horizontal: 2, vertical: 2.5123456))

    @Test func whatTheFixturesSay() throws {
        for name in ["camera.jpg", "camera.png", "camera.webp", "camera.jxl"] {
            let metadata = try ImageFile.source(at: try Fixture.path(name), upright: false).metadata
            #expect(metadata.color == .profile(try Fixture.bytes("p3.icc")), "\(name)")
            #expect(metadata.orientation == .right && metadata.exif?.orientation == .right, "\(name)")
            #expect(metadata.exif?.bytes == (try Fixture.bytes("camera.exif")), "\(name)")
            #expect(abs((metadata.density?.horizontal ?? 0) - 300) < 0.1, "\(name)")
            #expect(
                String(decoding: metadata.xmp ?? [], as: UTF8.self).contains("Kaffee für zwei"), "\(name)")
        }
    }

    @Test func thePictureIsTurnedOnceAndTheMetadataSaySo() throws {
        for name in ["camera.jpg", "camera.png", "camera.webp", "camera.jxl"] {
            let stored = try Image<UInt8>.read(from: try Fixture.path(name), upright: false, inSRGB: false)
            let source = try ImageFile.source(at: try Fixture.path(name))
            #expect(source.info == ImageInfo(width: 31, height: 37, channels: 3))
            #expect(source.metadata.orientation == .up && source.metadata.exif?.orientation == .up)
            var rows: [UInt8] = []
            while let strip = try source.readRows(5, as: UInt8.self) { rows += strip.samples }
            #expect(rows == stored.transposed().flippedHorizontally().samples)
            try stored.write(to: folder.file("again.png"), metadata: source.metadata)
            #expect(try Image<UInt8>.read(from: folder.file("again.png"), inSRGB: false) == stored)
        }
    }

    @Test(arguments: Orientation.allCases) func everyFormatKeepsAnOrientation(orientation: Orientation) throws
    {
        let image = TestPicture.chart(3, of: UInt8.self)
        for name in ["a.png", "a.tif", "a.webp", "a.jxl"] {
            let lossless = EncodingOptions(webpQuality: nil, jpegXLQuality: nil)
            try image.write(
                to: folder.file(name), metadata: ImageMetadata(orientation: orientation), options: lossless)
            #expect(try Image<UInt8>.read(from: folder.file(name), upright: false) == image)
            #expect(try Image<UInt8>.read(from: folder.file(name)) == image.upright(from: orientation))
        }
    }

    @Test(arguments: names) func everyFormatKeepsEverything(name: String) throws {
        let metadata = try convert("camera.jpg", to: name, provenance: Self.provenance)
        #expect(metadata.color == .profile(try Fixture.bytes("p3.icc")))
        #expect(metadata.orientation == .up)
        #expect(abs((metadata.density?.vertical ?? 0) - 300) < 0.1)
        let xmp = String(decoding: metadata.xmp ?? [], as: UTF8.self)
        for part in [
            "tiff:Orientation=\"1\"", "exif:PixelXDimension=\"74\"", "<exif:PixelYDimension>93<",
            "Kaffee für zwei",
        ] { #expect(xmp.contains(part), "\(part) in \(xmp)") }
        let exif = try #require(metadata.exif)
        #expect(exif.orientation ?? .up == .up)
        let text = String(decoding: exif.bytes, as: UTF8.self)
        for part in ["Maker\0", "Model 6\0", "own places inside"] { #expect(text.contains(part), "\(part)") }
        #expect(exif.bytes.count < 700, "the thumbnail is gone")
    }

    @Test(arguments: names) func everyFormatKeepsTheResolutionAlone(name: String) throws {
        let density = PixelDensity(horizontal: 300, vertical: 150)
        try TestPicture.chart(3, of: UInt8.self).write(
            to: folder.file(name), metadata: ImageMetadata(density: density))
        let read = try #require(try ImageFile.source(at: folder.file(name)).metadata.density)
        #expect(abs(read.horizontal - 300) < 0.1 && abs(read.vertical - 150) < 0.1)
    }

    /// JPEG's marker ends at 64 KB; PNG's chunk does not.
    @Test func ofALargeBlockJPEGKeepsWhatFits() throws {
        let long = String(repeating: "long ", count: 14_000)
        let metadata = ImageMetadata(
            exif: try exif(of: [(0x10E, long), (0x10F, "Maker of it"), (0x8298, "CC0 and so on")])
        ).produced(by: Self.provenance)
        for (name, isWhole) in [("a.jpg", false), ("a.png", true)] {
            try TestPicture.chart(3, of: UInt8.self).write(to: folder.file(name), metadata: metadata)
            let exif = try #require(try ImageFile.source(at: folder.file(name)).metadata.exif)
            let text = String(decoding: exif.bytes, as: UTF8.self)
            #expect(text.contains("long long") == isWhole, "\(name)")
            for part in ["Maker of it", "CC0 and so on", "liif 9.9; model default"] {
                #expect(text.contains(part), "\(part) in \(name)")
            }
        }
    }

    /// As some editors write it; zlib's stored blocks are as good as any.
    @Test func compressedXMPInPNG() throws {
        let packet = Array("<x:xmpmeta xmlns:x='adobe:ns:meta/'>Kaffee für zwei</x:xmpmeta>".utf8)
        func adler32(_ bytes: [UInt8]) -> UInt32 {
            let (a, b) = bytes.reduce((UInt32(1), UInt32(0))) { sums, byte in
                let a = (sums.0 + UInt32(byte)) % 65_521
                return (a, (sums.1 + a) % 65_521)
            }
            return b << 16 | a
        }
        let length = UInt16(packet.count)
        let stored: [UInt8] =
            [
                0x78, 0x01, 1, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255),
                UInt8(~length >> 8),
            ]
            + packet + PNGChunks.bigEndian(adler32(packet))
        try TestPicture.chart(3, of: UInt8.self).write(to: folder.file("a.png"))
        let file = try folder.bytes("a.png")
        let position = try #require(PNGChunks.position(of: "IDAT", in: file))
        for (bytes, expected) in [(stored, packet), (Array(stored.dropLast()), nil)] {
            let chunk = PNGChunks.chunk("iTXt", Array("XML:com.adobe.xmp".utf8) + [0, 1, 0, 0, 0] + bytes)
            try Data(file[..<position] + chunk + file[position...]).write(
                to: URL(fileURLWithPath: folder.file("b.png")))
            #expect(try ImageFile.source(at: folder.file("b.png")).metadata.xmp == expected)
        }
    }

    /// Maker notes hold places counted from the block's start: nothing may move.
    @Test func editingMovesNothing() throws {
        let original = try #require(Exif(try Fixture.bytes("camera.exif")))
        var edited = original
        edited.set(.up)
        edited.setExtent(width: 70000, height: 3)
        edited.removeThumbnail()
        edited.setSoftware("liif")
        let note = try #require(Data(original.bytes).range(of: Data("NOTE".utf8)))
        #expect(
            edited.bytes[note.lowerBound..<note.lowerBound + 25]
                == original.bytes[note.lowerBound..<note.lowerBound + 25])
        #expect(!Data(edited.bytes).contains([0xFF, 0xD8, 0xFF]))
        #expect(edited.orientation == .up && original.orientation == .right)
        // A second time there is nothing left to do but the text.
        var again = edited
        again.set(.up)
        again.setExtent(width: 70000, height: 3)
        again.removeThumbnail()
        #expect(again == edited)
    }

    @Test(.enabled(if: Tool.exists("exiftool"), Tool.missing("exiftool")), arguments: names)
    func exiftoolReadsIt(name: String) throws {
        _ = try convert("camera.jpg", to: name, provenance: Self.provenance)
        let text = try Tool.output(
            "exiftool", ["-a", "-s", "-n", "-warning", "-error", "-all", folder.file(name)])
        // "Make          : Maker", a line for each place where it stands.
        let lines = text.split(separator: "\n").map { line in
            line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        func value(_ tag: String) -> String? { lines.first { $0[0] == tag }?.last }
        #expect(value("Make") == "Maker" && value("Model") == "Model 6" && value("Copyright") == "CC0")
        #expect(value("ISO") == "200" && value("ExposureTime") == "0.004")
        #expect(value("ExifImageWidth") == "74" && value("ExifImageHeight") == "93")
        #expect(abs((Double(value("GPSLatitude") ?? "") ?? 0) - 48.141_666) < 1e-4)
        #expect(value("Software") == "liif 9.9; model default; scale 2x2.5123")
        // JPEG XL holds the profile inside its compressed data.
        #expect(name == "a.jxl" || value("ProfileDescription") == "P3 for tests")
        #expect(value("ThumbnailOffset") == nil)
        let orientations = lines.filter { $0[0] == "Orientation" }
        #expect(orientations.allSatisfy { $0[1] == "1" } && orientations.count >= 2, "\(orientations)")
        // The maker of the fixture's camera is unknown.
        for line in lines where ["Warning", "Error"].contains(line[0]) {
            #expect(line[1].contains("MakerNotes"), "\(line)")
        }
    }

    @Test(.enabled(if: Tool.pillow != nil, Tool.missing("Pillow")), arguments: names.dropLast())
    func pillowReadsIt(name: String) throws {
        _ = try convert("camera.webp", to: name, provenance: Self.provenance)
        let script = """
            import sys, hashlib
            from PIL import Image
            image = Image.open(sys.argv[1])
            exif = image.getexif()
            print(hashlib.sha256(image.info["icc_profile"]).hexdigest())
            print(exif.get(0x112, 1), exif[0x10F], exif[0x131], exif.get_ifd(0x8769)[0xA002], exif.get_ifd(0x8825)[1])
            """
        var hash = ContentHash()
        hash.add(try Fixture.bytes("p3.icc"))
        #expect(
            try Tool.python(script, [folder.file(name)])
                == "\(hash.digits)\n1 Maker liif 9.9; model default; scale 2x2.5123 74 N\n")
    }

    @Test(arguments: names) func withoutMetadataThereIsNothing(name: String) throws {
        try TestPicture.chart(3, of: UInt8.self).write(to: folder.file(name))
        // JPEG XL cannot keep silent about colours.
        let color: ColorEncoding = name == "a.jxl" ? .sRGB : .unspecified
        #expect(try ImageFile.source(at: folder.file(name)).metadata == ImageMetadata(color: color))
        let provenance = ImageMetadata().produced(by: Self.provenance)
        try TestPicture.chart(3, of: UInt8.self).write(to: folder.file(name), metadata: provenance)
        #expect(try Data(folder.bytes(name)).range(of: Data("liif 9.9; model default".utf8)) != nil)
    }

    @Test func tiffAndBackKeepsTheDirectories() throws {
        _ = try convert("camera.jpg", to: "a.tif")
        let source = try ImageFile.source(at: folder.file("a.tif"))
        try Image<UInt8>(width: 74, height: 93, channels: 3).write(
            to: folder.file("b.jpg"), metadata: source.metadata)
        let exif = try #require(try ImageFile.source(at: folder.file("b.jpg")).metadata.exif)
        let before = try #require(
            TIFFStructure(try Fixture.bytes("camera.exif")).flatMap { ExifDirectories($0) }?.block())
        // But for the extent they are what the camera wrote.
        var expected = before
        expected.setExtent(width: 74, height: 93)
        #expect(exif == expected)
    }

    @Test func provenanceIsShort() {
        #expect(Self.provenance.description == "liif 9.9; model default; scale 2x2.5123")
        let even = Provenance(program: "liif 1", model: "m", scale: (horizontal: 3.70000001, vertical: 3.7))
        #expect(even.description == "liif 1; model m; scale 3.7")
    }
}
