import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct EncodingTests {
    private static func gradient<Sample: ImageSample>(_ channels: Int, of type: Sample.Type) -> Image<Sample>
    {
        let samples = (0..<23 * 19 * channels).map { Sample(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        return Image(width: 23, height: 19, channels: channels, samples: samples)
    }

    @Test(arguments: 1...4)
    func pngGivesBackEverySample(channels: Int) throws {
        let folder = try TemporaryFolder()
        let shallow = Self.gradient(channels, of: UInt8.self)
        try shallow.write(to: folder.file("shallow.png"))
        #expect(try Image<UInt8>.read(from: folder.file("shallow.png")) == shallow)
        let deep = Self.gradient(channels, of: UInt16.self)
        try deep.write(to: folder.file("deep.PNG"))
        #expect(try Image<UInt16>.read(from: folder.file("deep.PNG")) == deep)
        #expect(try ImageFile.source(at: folder.file("deep.PNG")).info.bitsPerSample == 16)
        #expect(try folder.names == ["deep.PNG", "shallow.png"])
    }

    @Test func rowsMayComeInStripsOfAnyHeight() throws {
        let folder = try TemporaryFolder()
        let image = Self.gradient(3, of: UInt8.self)
        let info = ImageInfo(width: 23, height: 19, channels: 3)
        let sink = try ImageFile.sink(at: folder.file("strips.png"), info: info)
        var y = 0
        for height in [1, 7, 2, 9] {
            try sink.writeRows(image.cropped(y: y, x: 0, height: height, width: 23))
            y += height
            #expect(sink.rowsWritten == y)
            #expect(!(try folder.names).contains("strips.png"))
        }
        try sink.finish()
        #expect(try folder.names == ["strips.png"])
        #expect(try Image<UInt8>.read(from: folder.file("strips.png")) == image)
    }

    @Test func floatStripsAreRoundedToTheFilesDepth() throws {
        let folder = try TemporaryFolder()
        let deep = Self.gradient(3, of: UInt16.self)
        for bits in [8, 16] {
            let path = folder.file("\(bits).png")
            let info = ImageInfo(width: 23, height: 19, channels: 3, bitsPerSample: bits)
            let sink = try ImageFile.sink(at: path, info: info)
            try sink.writeRows(FloatImage(deep))
            try sink.finish()
        }
        #expect(try Image<UInt16>.read(from: folder.file("16.png")) == deep)
        #expect(try Image<UInt8>.read(from: folder.file("8.png")) == FloatImage(deep).rounded())
    }

    @Test(arguments: ["jpg", "jpeg", "JPG"])
    func jpegDecodesAsPillowsFileOfTheSameSettings(pathExtension: String) throws {
        let folder = try TemporaryFolder()
        let image = try Image<UInt8>.read(from: try Fixture.path("rgb.png"))
        try image.write(to: folder.file("a." + pathExtension))  // quality 95, 4:4:4
        let expected = try Image<UInt8>.read(from: try Fixture.path("pillow-q95-444.jpg"))
        #expect(try Image<UInt8>.read(from: folder.file("a." + pathExtension)) == expected)
    }

    @Test func jpegQualityMatters() throws {
        let folder = try TemporaryFolder()
        let image = try Image<UInt8>.read(from: try Fixture.path("grey.png"))
        var sizes: [Int] = []
        for quality in [20, 60, 100] {
            let path = folder.file("\(quality).jpg")
            try image.write(to: path, options: EncodingOptions(jpegQuality: quality))
            let back = try Image<UInt8>.read(from: path)
            #expect(back.channels == 1)
            let worst = zip(back.samples, image.samples).map { abs(Int($0) - Int($1)) }.max() ?? 0
            if quality == 100 { #expect(worst <= 2) }
            sizes.append(try Data(contentsOf: URL(fileURLWithPath: path)).count)
        }
        #expect(sizes == sizes.sorted() && Set(sizes).count == 3)
    }

    @Test func newFilesObeyTheUmask() throws {
        let folder = try TemporaryFolder()
        try Self.gradient(1, of: UInt8.self).write(to: folder.file("a.png"))
        let mask = umask(0)
        umask(mask)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("a.png"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == Int(0o666 & ~mask))
    }

    @Test func symbolicLinksAreFollowed() throws {
        let folder = try TemporaryFolder()
        let image = Self.gradient(3, of: UInt8.self)
        try Image<UInt8>(width: 2, height: 2, channels: 1).write(to: folder.file("real.png"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.png"), withDestinationPath: folder.file("real.png"))
        try image.write(to: folder.file("link.png"))
        #expect(try Image<UInt8>.read(from: folder.file("real.png")) == image)
        #expect(try folder.names == ["link.png", "real.png"])
    }
}
