import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// Files of several pictures: the first is read, and the source says that there are more.
@Suite struct SeveralPicturesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A TIFF file with a directory for each set of changes to a valid one, over the same pixels.
    private func pages(_ directories: [[Int: UInt32?]]) -> [UInt8] {
        var file = TIFFBuilder.file(directories[0])
        for changes in directories.dropFirst() {
            let place = file.count
            for byte in 0..<4 { file[place - 4 + byte] = UInt8(truncatingIfNeeded: place >> (8 * byte)) }
            file += TIFFBuilder.file(changes, pixels: [])[8...]
        }
        return file
    }

    private func holdsMorePictures(_ name: String, _ bytes: [UInt8]) throws -> Bool {
        try ImageFile.source(at: try folder.file(name, containing: bytes)).holdsMorePictures
    }

    /// The bits of tag 254: 1 a reduced copy, 2 a page, 4 a mask. Tag 255 is its predecessor.
    @Test func pagesAreTold() throws {
        let several: [[[Int: UInt32?]]] = [
            [[:], [:]], [[254: 2], [254: 2]], [[:], [255: 1]], [[:], [254: 1], [254: 5], [255: 2], [:]],
            // To be turned by 90°.
            [[274: 6], [:]],
        ]
        for directories in several {
            #expect(try holdsMorePictures("a.tif", pages(directories)), "\(directories)")
        }
        let grey = Image<UInt8>(width: 8, height: 8, channels: 1, repeating: 7)
        #expect(try Image<UInt8>.read(from: folder.file("a.tif")) == grey)
    }

    @Test func copiesAndMasksAreNoPages() throws {
        // More directories than are looked at.
        var many = [[Int: UInt32?]](repeating: [254: 1], count: 40)
        many[0] = [:]
        many.append([:])
        let single: [[[Int: UInt32?]]] = [
            [[:]], [[254: 2]], [[:], [254: 1]], [[:], [254: 3], [254: 4], [255: 2]], many,
            // Of something else than a picture.
            [[:], [256: nil]],
        ]
        for directories in single {
            #expect(try !holdsMorePictures("a.tif", pages(directories)), "\(directories)")
        }
        // The next directory is the first.
        var circle = pages([[:]])
        circle[circle.count - 4] = circle[4]
        #expect(try !holdsMorePictures("a.tif", circle))
        for fixture in Fixture.decodable {
            let source = try ImageFile.source(at: try Fixture.path(fixture.name))
            #expect(!source.holdsMorePictures, "\(fixture.name)")
        }
    }

    @Test func framesOfPNGAreTold() throws {
        let file = try Fixture.bytes("rgb.png")
        let place = try #require(PNGChunks.position(of: "IDAT", in: file))
        for (frames, isAnimated) in [(UInt32(3), true), (1, false)] {
            let chunk = PNGChunks.chunk("acTL", PNGChunks.bigEndian(frames) + PNGChunks.bigEndian(0))
            let bytes = Array(file[..<place]) + chunk + Array(file[place...])
            #expect(try holdsMorePictures("a.png", bytes) == isAnimated)
            #expect(
                try Image<UInt8>.read(from: folder.file("a.png")).samples == Fixture.bytes("rgb.png.raw"))
        }
    }
}
