import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// What TIFF files may be beside an ordinary picture.
@Suite struct TIFFKindTests {
    let folder: TemporaryFolder
    private let grey = Image<UInt8>(width: 8, height: 8, channels: 1, repeating: 7)

    init() throws { folder = try TemporaryFolder() }

    private func read(_ bytes: [UInt8]) throws -> Image<UInt8> {
        try Image<UInt8>.read(from: try folder.file("a.tif", containing: bytes))
    }

    /// What a file is refused as; "" if it is read.
    private func refusal(_ bytes: [UInt8]) throws -> String {
        let path = try folder.file("a.tif", containing: bytes)
        do throws(ImageCodecError) {
            _ = try Image<UInt8>.read(from: path)
            return ""
        } catch {
            switch error {
            case .unsupported(_, .tiff, let detail): return "unsupported: \(detail)"
            case .corrupt(_, .tiff, let detail): return "corrupt: \(detail)"
            default: return "\(error)"
            }
        }
    }

    /// As in DNG and other camera raw files, whose first picture is a thumbnail.
    @Test func aReducedCopyIsNotThePicture() throws {
        let words =
            "unsupported: its first picture is a reduced copy of another, as in camera raw files; develop it to a plain "
            + "TIFF first"
        #expect(try refusal(TIFFBuilder.followed(TIFFBuilder.file([254: 1]))) == words)
        #expect(try refusal(TIFFBuilder.file([254: 1, 330: 72])) == words)
        #expect(try read(TIFFBuilder.file([254: 1])) == grey, "the only picture")
        #expect(
            try read(TIFFBuilder.followed(TIFFBuilder.file([254: 2]))) == grey, "the first of several pages")
        #expect(try read(TIFFBuilder.file([330: 72])) == grey, "reduced copies behind the picture")
    }

    /// Photometric interpretations, and the colours that are stored and read.
    @Test(arguments: [(1, 1, 1), (2, 3, 3), (5, 4, 3)])
    func onlyASampleWithoutAWordIsTakenAsAlpha(photometric: UInt32, stored: Int, channels: Int) throws {
        let pixel = [UInt8](repeating: 90, count: stored) + [0]
        let pixels = [[UInt8]](repeating: pixel, count: 64).flatMap { $0 }
        func picture(_ extra: UInt32?) throws -> Image<UInt8> {
            var changes: [Int: UInt32?] = [
                262: photometric, 277: UInt32(pixel.count), 279: UInt32(pixels.count),
            ]
            if let extra { changes[338] = extra }
            return try read(TIFFBuilder.file(changes, pixels: pixels))
        }
        #expect(try picture(nil).channels == channels + 1)
        #expect(try picture(2).channels == channels + 1)
        let unspecified = try picture(0)
        #expect(unspecified.channels == channels)
        #expect(unspecified.samples.allSatisfy { $0 > 0 })
    }

    @Test func aPaletteOf16BitsIsSound() throws {
        let colors: UInt32 = 3 << 16
        let file = TIFFBuilder.file(
            [258: 16, 262: 3, 279: 128, 320: 8], pixels: [UInt8](repeating: 0, count: Int(2 * colors)),
            shorts: [320: colors])
        #expect(
            try refusal(file)
                == "unsupported: its palette is one of 16 bits; those of 1, 2, 4 and 8 are read, so convert it to RGB "
                + "first")
    }

    /// Three planes of Y, Cb and Cr, each the same grey JPEG, which libtiff gives as they are.
    @Test func planesOfYCbCrAreNotTakenForRGB() throws {
        let plane = try Fixture.bytes("grey.jpg")
        let size = [UInt8(plane.count & 255), UInt8(plane.count >> 8)]
        // Before the plane three places and three sizes of 16 bits.
        let pixels: [UInt8] = [20, 0, 20, 0, 20, 0] + size + size + size + plane
        let changes: [Int: UInt32?] = [
            256: UInt32(Fixture.width), 257: UInt32(Fixture.height), 259: 7, 262: 6, 273: 8, 277: 3,
            278: UInt32(Fixture.height), 279: 14, 284: 2, 530: 0x1_0001,
        ]
        func file(_ photometric: UInt32) -> [UInt8] {
            TIFFBuilder.file(
                changes.merging([262: photometric]) { $1 }, pixels: pixels,
                shorts: [273: 3, 279: 3, 530: 2])
        }
        #expect(try read(file(2)).channel(1).samples == Fixture.bytes("grey.jpg.raw"), "the file is sound")
        #expect(
            try refusal(file(6))
                == "unsupported: its colours are YCbCr, each stored apart; convert it to RGB first")
    }

    /// Grey and a sample that says nothing of itself, each in a strip of its own.
    @Test func onePlaneOfSeveralIsRead() throws {
        let file = TIFFBuilder.file(
            [273: 0x48_0008, 277: 2, 279: 0x40_0040, 284: 2, 338: 0],
            pixels: [UInt8](repeating: 7, count: 64) + [UInt8](repeating: 9, count: 64),
            shorts: [273: 2, 279: 2])
        #expect(try read(file) == grey)
    }

    /// The format wants each row packed by itself; libtiff, row by row, loses what goes on into the next.
    @Test func runsOfPackBitsMayCrossRows() throws {
        let samples = [UInt8](0..<64)
        // 64 bytes as they are; then 64 times the same byte.
        let file = TIFFBuilder.file([259: 32773, 279: 65], pixels: [63] + samples + [0])
        #expect(try read(file).samples == samples)
        #expect(try read(TIFFBuilder.file([259: 32773, 279: 2], pixels: [193, 7])) == grey)
        let short = TIFFBuilder.file([259: 32773, 279: 2], pixels: [194, 7])
        #expect(try refusal(short).hasPrefix("corrupt: "))
    }

    /// libtiff itself goes on with whatever it has.
    @Test func damagedFaxIsAnError() throws {
        let whole = try Fixture.bytes("fax.tif")
        #expect(try read(whole).samples == Fixture.bytes("fax.tif.raw"))
        var damaged = whole
        damaged[108] ^= 0x10
        #expect(try refusal(damaged).hasPrefix("corrupt: a strip or tile is damaged: "))
        // The strip's size, in its entry: 306 bytes, and now 50.
        var cut = whole
        let size = try #require(
            whole.indices.last { whole[$0...].starts(with: [23, 1, 4, 0, 1, 0, 0, 0, 50, 1]) })
        cut[size + 9] = 0
        #expect(try refusal(cut).hasPrefix("corrupt: a strip or tile is damaged: "))
    }

    /// Eight rows of 8 black pixels, 14 bits each, which end with a byte as well as with a word. In words libtiff takes half of
    /// them, and then finds the data short.
    @Test func faxInWordsIsNotCalledDamaged() throws {
        let rows = [[UInt8]](repeating: [0b0011_0101, 0b0001_0100], count: 8).flatMap { $0 }
        func file(_ compression: UInt32) -> [UInt8] {
            TIFFBuilder.file([258: 1, 259: compression, 279: 16], pixels: rows)
        }
        #expect(try read(file(2)) == Image<UInt8>(width: 8, height: 8, channels: 1, repeating: 255))
        #expect(
            try refusal(file(32771))
                == "unsupported: it is fax in words of 16 bits (compression 32771), which libtiff reads wrongly; save it "
                + "with another compression")
    }

    /// jpeg.tif with other bytes as its second strip, which come last.
    private func jpeg(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        var file = try Fixture.bytes("jpeg.tif")
        func number(_ position: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 | Int(file[position + $1]) << (8 * $1) }
        }
        let directory = number(4, 4)
        let entries = (0..<number(directory, 2)).map { directory + 2 + 12 * $0 }
        let offsets = number(try #require(entries.first { number($0, 2) == 273 }) + 8, 4)
        // Two numbers of 16 bits, in the entry itself.
        let sizes = try #require(entries.first { number($0, 2) == 279 }) + 8
        let start = number(offsets + 4, 4)
        var strip = Array(file[start..<start + number(sizes + 2, 2)])
        change(&strip)
        for (position, size, value) in [(offsets + 4, 4, file.count), (sizes + 2, 2, strip.count)] {
            for byte in 0..<size { file[position + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
        }
        return file + strip
    }

    /// libtiff itself goes on with grey.
    @Test func damagedJPEGInAStripIsAnError() throws {
        let whole = try Fixture.bytes("jpeg.tif.raw")
        #expect(try read(try jpeg { _ in }).samples == whole)
        #expect(
            try refusal(try jpeg { $0.removeLast($0.count / 2) })
                == "corrupt: a strip or tile is damaged: Premature end of JPEG file")
        #expect(
            try refusal(try jpeg { $0 = $0[..<($0.count / 2)] + [0xFF, 0xD9] })
                == "corrupt: a strip or tile is damaged: Corrupt JPEG data: premature end of data segment")
        // Bytes that belong to nothing cost no pixel.
        #expect(try read(try jpeg { $0.insert(contentsOf: [0, 0, 0], at: $0.count - 2) }).samples == whole)
        // Nor does a wrong end of the spectrum, which is always 63, in the scan's header.
        let odd = try jpeg { strip in
            let header = strip.indices.first { strip[$0...].starts(with: [0xFF, 0xDA, 0, 12]) }!
            strip[header + 12] = 0
        }
        #expect(try read(odd).samples == whole)
    }
}
