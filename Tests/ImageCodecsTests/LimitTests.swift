import ImageCodecs
import Imaging
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
        let name = try #require(try folder.names.first)
        #expect(try Array(folder.bytes(name)[..<4]) == Array("II+\0".utf8))
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
}
