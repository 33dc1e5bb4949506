import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// A block of texts, little-endian.
func exif(of texts: [(tag: UInt16, text: String)]) throws -> Exif {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var (table, values): ([UInt8], [UInt8]) = (number(texts.count, 2), [])
    for (tag, text) in texts {
        let bytes = Array(text.utf8) + [0]
        table += number(Int(tag), 2) + number(2, 2) + number(bytes.count, 4)
        table += number(8 + 2 + 12 * texts.count + 4 + values.count, 4)
        values += bytes
    }
    return try #require(Exif([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0] + table + number(0, 4) + values))
}

/// Texts and numbers that formats do not hold as they are.
@Suite struct TextMetadataTests {
    let folder: TemporaryFolder
    private let chart = TestPicture.chart(3, of: UInt8.self)

    init() throws { folder = try TemporaryFolder() }

    /// EXIF's ratings are numbers; libtiff does not know them as texts.
    @Test func aRatingInWordsIsLeftOutOfTIFF() throws {
        let block = try exif(of: [(0x10F, "Maker of it"), (0x4746, "five stars"), (0x4749, "99 per cent")])
        try chart.write(to: folder.file("a.tif"), metadata: ImageMetadata(exif: block))
        let read = try #require(try ImageFile.source(at: folder.file("a.tif")).metadata.exif)
        let text = String(decoding: read.bytes, as: UTF8.self)
        #expect(text.contains("Maker of it") && !text.contains("five stars") && !text.contains("99 per cent"))
    }

    /// PNG's tEXt is in Latin-1, its iTXt in UTF-8.
    @Test(arguments: [("liif 1; model tiny", "tEXt", 1), ("liif 1; модель für 猫", "iTXt", 5)])
    func softwareInPNG(software: String, kind: String, zeros: Int) throws {
        try chart.write(to: folder.file("a.png"), metadata: ImageMetadata(software: software))
        let file = try folder.bytes("a.png")
        let body = Array("Software".utf8) + [UInt8](repeating: 0, count: zeros) + Array(software.utf8)
        #expect(PNGChunks.bodies(of: kind, in: file) == body)
        #expect(PNGChunks.bodies(of: kind == "tEXt" ? "iTXt" : "tEXt", in: file).isEmpty)
        // A packet of XMP is found behind it.
        let packet = Array("<x:xmpmeta xmlns:x='adobe:ns:meta/'>Kaffee für zwei</x:xmpmeta>".utf8)
        let place = try #require(PNGChunks.position(of: "IDAT", in: file))
        let chunk = PNGChunks.chunk("iTXt", Array("XML:com.adobe.xmp".utf8) + [0, 0, 0, 0, 0] + packet)
        let path = try folder.file("b.png", containing: file[..<place] + chunk + file[place...])
        #expect(try ImageFile.source(at: path).metadata.xmp == packet)
        #expect(try Image<UInt8>.read(from: path) == chart)
    }

    /// A number of 31 bits, in pixels per metre.
    @Test func theResolutionsThatPNGHolds() throws {
        let density = PixelDensity(horizontal: 4e9, vertical: 1e-6)
        try chart.write(to: folder.file("a.png"), metadata: ImageMetadata(density: density))
        let read = try #require(try ImageFile.source(at: folder.file("a.png")).metadata.density)
        #expect(read.horizontal == 2_147_483_647 * 0.0254 && read.vertical == 0.0254)
    }
}
