import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

@Suite struct LimitTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ name: String, _ info: ImageInfo, _ options: EncodingOptions = EncodingOptions())
        throws
        -> String
    {
        let error = #expect(throws: ImageCodecError.self) {
            try ImageFile.sink(at: folder.file(name), info: info, options: options)
        }
        #expect(try folder.names.isEmpty)
        return try #require(error).description
    }

    @Test func refusalsNameAFormatThatWouldDo() throws {
        let wide = ImageInfo(width: 70000, height: 10, channels: 3)
        #expect(
            try refusal("a.jpg", wide).hasSuffix(
                "70000×10 pixels, and a side may have at most 65500; PNG, TIFF or JPEG XL can hold it."))
        let middle = ImageInfo(width: 20000, height: 10, channels: 3)
        #expect(
            try refusal("a.webp", middle).hasSuffix(
                "20000×10 pixels, and a side may have at most 16383; PNG, JPEG, TIFF or JPEG XL can hold it.")
        )
        let clear = ImageInfo(width: 20000, height: 10, channels: 4)
        #expect(
            try refusal("a.jpg", clear).hasSuffix(
                "it holds no transparency; PNG, TIFF or JPEG XL can hold it."))
        let deep = ImageInfo(width: 2, height: 2, channels: 3, bitsPerSample: 16)
        #expect(
            try refusal("a.webp", deep).hasSuffix(
                "its samples have 8 bits, not 16; PNG, TIFF or JPEG XL can hold it."))
        let tall = ImageInfo(width: 3, height: 262_145, channels: 3)
        #expect(
            try refusal("a.jxl", tall).hasSuffix(
                "3×262145 pixels, and a side may have at most 262144; PNG or TIFF can hold it."))
        let large = ImageInfo(width: 16_385, height: 16_384, channels: 3)
        #expect(
            try refusal("a.jxl", large).hasSuffix(
                "16385×16384 pixels, more than 268 megapixels; PNG, JPEG or TIFF can hold it."))
        let absurd = ImageInfo(width: 1 << 31, height: 10, channels: 3)
        #expect(
            try refusal("a.png", absurd).hasSuffix(
                "2147483648×10 pixels, and a side may have at most 2147483647."))
        let long = ImageInfo(width: 1 << 31, height: 1, channels: 1)
        #expect(try refusal("a.tif", long).contains("a side may have at most 2147483647"))
    }

    @Test func classicTIFFEndsAtFourGibibytes() throws {
        let large = ImageInfo(width: 40000, height: 40000, channels: 3)
        for tile in [nil, 256] {
            let classic = TIFFOptions(compression: .none, tileSize: tile, container: .classic)
            #expect(
                try refusal("a.tif", large, EncodingOptions(tiff: classic)).contains(
                    "a classic file ends at 4 GiB, and this one may be larger; BigTIFF has no such limit"))
        }
        // Left alone, the sink takes BigTIFF by itself.
        let sink = try ImageFile.sink(at: folder.file("a.tif"), info: large)
        let file = try #require(unfinishedFiles(of: getpid(), in: folder.path).first)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)).prefix(4) == Data("II+\0".utf8))
        sink.cancel()
    }

    @Test func formatsSayWhatTheyHold() {
        #expect(ImageFormat.allCases.filter(\.holdsTransparency) == [.png, .tiff, .webp, .jpegXL])
        #expect(ImageFormat.allCases.filter { $0.bitsPerSample(for: 16) == 16 } == [.png, .tiff, .jpegXL])
        #expect(ImageFormat.allCases.allSatisfy { $0.bitsPerSample(for: 8) == 8 })
        #expect(
            ImageFormat(pathExtension: "a/b.TIFF") == .tiff && ImageFormat(pathExtension: "x.webp") == .webp)
        #expect(ImageFormat(pathExtension: "x.JXL") == .jpegXL)
    }

    @Test func theLargestWebP() throws {
        let strip = Image<UInt8>(width: 16383, height: 2, channels: 1, repeating: 90)
        try strip.write(to: folder.file("a.webp"), options: EncodingOptions(webpQuality: nil))
        #expect(try Image<UInt8>.read(from: folder.file("a.webp")) == strip.rgb())
    }

    private func littleEndian(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A TIFF's header and a directory of (tag, type, count, value).
    private func tiff(_ entries: [(Int, Int, Int, Int)]) -> [UInt8] {
        [0x49, 0x49, 42, 0, 8, 0, 0, 0] + littleEndian(entries.count, 2)
            + entries.flatMap {
                littleEndian($0.0, 2) + littleEndian($0.1, 2) + littleEndian($0.2, 4) + littleEndian($0.3, 4)
            } + [0, 0, 0, 0]
    }

    @Test func anExtentBeyondAllNumbersIsRefused() throws {
        let (width, height, strips) = (0xFFFF_FFFF, 0xC000_0000, 12)
        let path = folder.file("a.tif")
        let directory = tiff([
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, strips, 122), (277, 3, 1, 1), (278, 4, 1, height / strips), (279, 4, strips, 122),
        ])
        let positions = (0..<strips).flatMap { _ in littleEndian(8, 4) }
        try Data(directory + positions).write(to: URL(fileURLWithPath: path))
        #expect(
            throws: ImageCodecError.tooManyPixels(
                path: path, width: width, height: height, limit: ImageFile.defaultPixelLimit)
        ) { try ImageFile.source(at: path) }
    }

    /// Entries that all point to the same bytes.
    @Test func aDirectoryIsNoLargerThanPicturesNeed() throws {
        let length = 1 << 22
        let bytes =
            tiff((1...4000).map { ($0, 1, length, 50_000) }) + [UInt8](repeating: 7, count: length + 50_000)
        let structure = try #require(TIFFStructure(bytes))
        let entries = structure.imageDirectory
        #expect(entries.map(\.value.count) == [Int](repeating: length, count: 4))
    }

    /// Tags without an end.
    @Test func aHostileXMPPacketTakesNoHours() throws {
        let tags = String(repeating: "<tiff:Orientation>", count: 100_000)
        for tag in [
            tags, String(repeating: "<tiff:Orientation ", count: 100_000), tags + "</tiff:Orientation>",
        ] {
            let metadata = ImageMetadata(xmp: Array("<x:xmpmeta>\(tag)".utf8))
            let clock = ContinuousClock()
            let time = clock.measure { _ = metadata.fitted(to: ImageInfo(width: 3, height: 2, channels: 3)) }
            #expect(time < .seconds(20))
        }
    }
}
