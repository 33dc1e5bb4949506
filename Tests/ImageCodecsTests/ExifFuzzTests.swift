import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// Damaged EXIF and XMP, through everything that edits them. A run of the tests does some; for more,
/// `Scripts/fuzz-exif 600` goes on for ten minutes with another seed each time.
@Suite struct ExifFuzzTests {
    @Test func damagedBlocksNeverTrap() throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = Double(environment["LIIF_FUZZ_SECONDS"] ?? "") ?? 0.5
        let seed = UInt64(environment["LIIF_FUZZ_SEED"] ?? "") ?? 1
        let block = try Fixture.bytes("camera.exif")
        let xmp = try #require(
            try ImageFile.source(at: try Fixture.path("camera.png"), upright: false).metadata.xmp)
        var mutator = Mutator(seed: seed)
        let end = Date(timeIntervalSinceNow: seconds)
        var (rounds, accepted, rebuilt) = (0, 0, 0)
        repeat {
            for _ in 0..<50 {
                rounds += 1
                // Directories and their links lie in the first few hundred bytes.
                let start = mutator.next(below: 2) == 0 ? block.count : 600
                let bytes = mutator.mutated(Array(block[..<start])) + block[start...]
                let text = mutator.mutated(xmp)
                var metadata = ImageMetadata(
                    orientation: Orientation.allCases[mutator.next(below: 8)],
                    density: PixelDensity(horizontal: 72, vertical: 300), exif: Exif(bytes), xmp: text,
                    software: "fuzz")
                accepted += metadata.exif == nil ? 0 : 1
                let info = ImageInfo(width: 1 + mutator.next(below: 100_000), height: 7, channels: 3)
                metadata = metadata.fitted(to: info)
                if var exif = metadata.exif {
                    _ = exif.orientation
                    exif.setSoftware(String(repeating: "x", count: mutator.next(below: 40)))
                    exif.removeThumbnail()
                    // What was edited is still a block.
                    #expect(Exif(exif.bytes) != nil)
                    #expect(exif.bytes.count < 8 * bytes.count + 1000)
                }
                if let again = TIFFStructure(bytes).flatMap({ ExifDirectories($0) })?.block() {
                    rebuilt += 1
                    #expect(TIFFStructure(again.bytes).flatMap { ExifDirectories($0) }?.block() == again)
                }
            }
        } while Date() < end
        #expect(accepted > rounds / 4 && rebuilt > rounds / 4, "\(accepted) and \(rebuilt) of \(rounds)")
        if seconds > 1 {
            print("fuzz: \(rounds) blocks, \(accepted) accepted, \(rebuilt) rebuilt, seed \(seed)")
        }
    }

    @Test func linksInCirclesEnd() throws {
        // The thumbnail's directory is the picture's own; the camera's too.
        var bytes =
            Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]
        var exif = try #require(Exif(bytes))
        exif.removeThumbnail()
        exif.setExtent(width: 3, height: 4)
        exif.setSoftware("liif")
        #expect(exif.orientation == nil)
        bytes[8] = 255  // more entries than bytes
        #expect(Exif(bytes) == nil)
        #expect(Exif([]) == nil && Exif(Array("II*\0".utf8)) == nil)
        #expect(Exif(Array("II*\0".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    }

    private func corrected(_ text: String) -> String? {
        ImageMetadata(xmp: Array(text.utf8)).fitted(to: ImageInfo(width: 70, height: 90, channels: 3)).xmp
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func packetsAreCorrectedWhereverThePropertiesStand() throws {
        #expect(corrected("<a tiff:Orientation = '6' b='2'/>") == "<a tiff:Orientation = '1' b='2'/>")
        #expect(
            corrected("<tiff:Orientation>8</tiff:Orientation>") == "<tiff:Orientation>1</tiff:Orientation>")
        #expect(
            corrected("<a tiff:ImageWidth=\"1\" tiff:ImageLength=\"22\">")
                == "<a tiff:ImageWidth=\"70\" tiff:ImageLength=\"90\">")
        #expect(corrected("<x><xmp:Thumbnails><rdf:Alt>…</rdf:Alt></xmp:Thumbnails></x>") == "<x></x>")
        #expect(corrected("<a b=\"1\" xmpNote:HasExtendedXMP=\"0123\" c=\"2\">") == "<a b=\"1\" c=\"2\">")
        // Names that merely contain a property's, and values that mention it, stay.
        let other = "<a my:tiff:OrientationX=\"6\" note=\"tiff:Orientation\">tiff:Orientation</a>"
        #expect(corrected(other) == other)
        #expect(corrected("no packet") == nil && corrected("<\0>") == nil)
    }

    /// A gain map or a film behind the picture, of which its packet tells.
    @Test func whatIsLostIsNotPromised() {
        let items =
            "<rdf:Seq><rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"GainMap\" Item:Length=\"9\"/>"
            + "</rdf:li></rdf:Seq>"
        for name in ["Container:Directory", "GContainer:Directory"] {
            #expect(corrected("<a>\n<\(name)>\(items)</\(name)></a>") == "<a>\n</a>", "\(name)")
        }
        let properties = ["", "Version", "PresentationTimestampUs"]
        let names =
            ["GCamera:MotionPhoto", "Camera:MotionPhoto", "GCamera:MicroVideo"].flatMap { name in
                properties.map { name + $0 }
            } + ["GCamera:MicroVideoOffset", "hdrgm:Version"]
        for name in names {
            #expect(corrected("<a b=\"1\" \(name)=\"1.0\"\n c='2'/>") == "<a b=\"1\"\n c='2'/>", "\(name)")
            #expect(corrected("<a><\(name)>1</\(name)></a>") == "<a></a>", "\(name)")
        }
        // All of them at once, and what they say of the picture itself stays.
        let all = names.map { " \($0)=\"1\"" }.joined()
        let rest = "GCamera:SpecialTypeID=\"2\""
        #expect(corrected("<a\(all) \(rest)/>") == "<a \(rest)/>")
    }
}
