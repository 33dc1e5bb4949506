import Foundation
import ImageCodecs
import Imaging
import Testing

/// Our files as other programs read them.
@Suite struct IndependentReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Every layout of TIFF beside the other formats' lossless forms.
    private static let layouts: [(name: String, options: EncodingOptions)] = {
        let compressions: [(String, TIFFOptions.Compression)] = [
            ("none", .none), ("lzw", .lzw), ("deflate", .deflate()), ("zstd", .zstd()),
        ]
        var all = [("a.png", EncodingOptions()), ("a.webp", EncodingOptions(webpQuality: nil))]
        for (name, compression) in compressions {
            for (kind, tile) in [("strips", nil), ("tiles", 16)] {
                for container in [TIFFOptions.Container.automatic, .big] {
                    let tiff = TIFFOptions(compression: compression, tileSize: tile, container: container)
                    all.append(("\(name)-\(kind)-\(container).tif", EncodingOptions(tiff: tiff)))
                }
            }
        }
        return all.map { (name: $0.0, options: $0.1) }
    }()

    @Test(.enabled(if: Tool.pillow != nil, Tool.missing("Pillow")), arguments: 1...4)
    func pillowReadsEverySample(channels: Int) throws {
        let image = TestPicture.chart(channels, of: UInt8.self)
        for layout in Self.layouts { try image.write(to: folder.file(layout.name), options: layout.options) }
        let script = """
            import sys, hashlib
            from PIL import Image
            for path in sys.argv[2:]:
                image = Image.open(path)
                assert image.size == (53, 41), image.size
                wanted = ["L", "LA", "RGB", "RGBA"][int(sys.argv[1]) - 1]
                assert image.mode == wanted or path.endswith("webp"), (path, image.mode)
                if wanted == "LA" and image.mode != "LA":
                    bands = image.convert("RGBA").split()
                    image = Image.merge("LA", (bands[0], bands[3]))
                elif image.mode != wanted:
                    image = image.convert(wanted)
                print(hashlib.sha256(image.tobytes()).hexdigest())
            """
        let paths = Self.layouts.map { folder.file($0.name) }
        let hashes = try Tool.python(script, ["\(channels)"] + paths).split(separator: "\n").map {
            String($0)
        }
        try #require(hashes.count == paths.count)
        var hash = ContentHash()
        hash.add(image.samples)
        for (layout, found) in zip(Self.layouts, hashes) { #expect(found == hash.digits, "\(layout.name)") }
    }

    @Test(.enabled(if: Tool.exists("tiffinfo"), Tool.missing("tiffinfo"))) func tiffinfoSeesTheLayout() throws
    {
        let deep = TestPicture.chart(4, of: UInt16.self)
        let tiff = TIFFOptions(compression: .zstd(), tileSize: 32, container: .big)
        try deep.write(to: folder.file("a.tif"), options: EncodingOptions(tiff: tiff))
        let text = try Tool.output("tiffinfo", ["-D", folder.file("a.tif")])
        for line in [
            "Image Width: 53 Image Length: 41", "Tile Width: 32 Tile Length: 32", "Bits/Sample: 16",
            "Compression Scheme: ZSTD", "Photometric Interpretation: RGB color", "Samples/Pixel: 4",
            "unassoc-alpha",
        ] { #expect(text.contains(line), "\(line) in \(text)") }
        #expect(!text.contains("Warning") && !text.contains("Error"), "\(text)")
        #expect(
            try FileHandle(forReadingAtPath: folder.file("a.tif"))?.read(upToCount: 4) == Data("II+\0".utf8))
        try deep.write(to: folder.file("b.tif"))
        #expect(
            try FileHandle(forReadingAtPath: folder.file("b.tif"))?.read(upToCount: 4) == Data("II*\0".utf8))
    }

    @Test(.enabled(if: Tool.exists("tiffcp"), Tool.missing("tiffcp"))) func tiffcpReadsSixteenBits() throws {
        for channels in 1...4 {
            let deep = TestPicture.chart(channels, of: UInt16.self)
            for tile in [nil, 16] {
                let options = EncodingOptions(tiff: TIFFOptions(compression: .lzw, tileSize: tile))
                try deep.write(to: folder.file("a.tif"), options: options)
                // One strip without compression: its bytes are the samples.
                _ = try Tool.output(
                    "tiffcp", ["-s", "-r", "1000", "-c", "none", folder.file("a.tif"), folder.file("b.tif")])
                let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("b.tif")))
                #expect(bytes.range(of: deep.samples.withUnsafeBytes { Data($0) }) != nil)
            }
        }
    }

    @Test(.enabled(if: Tool.exists("djxl"), Tool.missing("djxl")), arguments: 1...4)
    func djxlReadsEverySample(channels: Int) throws {
        let lossless = EncodingOptions(jpegXLQuality: nil)
        let image = TestPicture.chart(channels, of: UInt8.self)
        try image.write(to: folder.file("a.jxl"), options: lossless)
        _ = try Tool.output("djxl", [folder.file("a.jxl"), folder.file("a.png")])
        #expect(try Image<UInt8>.read(from: folder.file("a.png")) == image)
        let deep = TestPicture.chart(channels, of: UInt16.self)
        try deep.write(to: folder.file("b.jxl"), options: lossless)
        _ = try Tool.output("djxl", [folder.file("b.jxl"), folder.file("b.png")])
        #expect(try Image<UInt16>.read(from: folder.file("b.png")) == deep)
    }

    @Test(.enabled(if: Tool.exists("dwebp"), Tool.missing("dwebp"))) func dwebpReadsEverySample() throws {
        let image = TestPicture.chart(4, of: UInt8.self)
        try image.write(to: folder.file("a.webp"), options: EncodingOptions(webpQuality: nil))
        _ = try Tool.output("dwebp", [folder.file("a.webp"), "-o", folder.file("a.png")])
        #expect(try Image<UInt8>.read(from: folder.file("a.png")) == image)
    }
}
