import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// Pictures have no profile, so they are read in sRGB.
@Suite struct ReadingInSRGBTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aProfileIsAppliedUnlessSamplesAreWantedAsStored() throws {
        let chart = TestPicture.chart(3, of: UInt8.self)
        let path = folder.file("a.tif")
        let p3 = ColorEncoding.profile(try Fixture.bytes("p3.icc"))
        try chart.write(to: path, metadata: ImageMetadata(color: p3))
        let source = try ImageFile.source(at: path, inSRGB: true)
        let converted = try #require(try source.readRows(chart.height, as: UInt8.self))
        #expect(converted != chart)
        #expect(try Image<UInt8>.read(from: path) == converted)
        #expect(try Image<UInt8>.read(from: path, inSRGB: false) == chart)
    }

    /// Bit for bit, in both depths: without a profile, and with one of sRGB or of its grey.
    @Test func whatIsInSRGBAlreadyIsNotTouched() throws {
        let (colour, grey) = try (Self.sRGBProfile(), Self.greyProfile())
        for (channels, color) in [
            (1, .unspecified), (3, .unspecified), (1, .profile(grey)), (2, .profile(grey)),
            (3, .profile(colour)), (4, .profile(colour)),
        ] as [(Int, ColorEncoding)] {
            try checkUntouched(TestPicture.chart(channels, of: UInt8.self), color)
            try checkUntouched(TestPicture.chart(channels, of: UInt16.self), color)
        }
    }

    private func checkUntouched<Sample: ImageSample>(_ image: Image<Sample>, _ color: ColorEncoding) throws {
        let path = folder.file("a.tif")
        try image.write(to: path, metadata: ImageMetadata(color: color))
        let title = "\(image.channels) channels of \(Sample.bitWidth) bits, \(color == .unspecified)"
        #expect(try ImageFile.source(at: path).metadata.color == color, "\(title)")
        #expect(color.isSRGB, "\(title)")
        #expect(try Image<Sample>.read(from: path) == image, "\(title)")
    }

    /// The fixture with sRGB's primaries, rounded as in the profile that most programs write.
    private static func sRGBProfile() throws -> [UInt8] {
        var profile = try Fixture.bytes("p3.icc")
        let primaries = [
            ("rXYZ", [0.43607, 0.22249, 0.01392]), ("gXYZ", [0.38515, 0.71687, 0.09708]),
            ("bXYZ", [0.14307, 0.06061, 0.7141]),
        ]
        for (tag, primary) in primaries {
            let entries = (0..<9).map { 132 + 12 * $0 }
            let entry = try #require(entries.first { Array(profile[$0..<$0 + 4]) == Array(tag.utf8) })
            // Behind the type's name and four zeros.
            let place = profile[entry + 4..<entry + 8].reduce(0) { $0 << 8 | Int($1) } + 8
            profile.replaceSubrange(place..<place + 12, with: numbers(primary))
        }
        return profile
    }

    /// Grey with sRGB's curve, by its parameters.
    private static func greyProfile() -> [UInt8] {
        let white = numbers([0.9642, 1, 0.8249])
        let curve = numbers([2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        var profile = PNGChunks.bigEndian(208) + zeros(4) + [4, 0x20, 0, 0] + Array("mntrGRAYXYZ ".utf8)
        profile += zeros(12) + Array("acsp".utf8) + zeros(28) + white + zeros(48)
        profile += PNGChunks.bigEndian(2)
        profile += Array("wtpt".utf8) + PNGChunks.bigEndian(156) + PNGChunks.bigEndian(20)
        profile += Array("kTRC".utf8) + PNGChunks.bigEndian(176) + PNGChunks.bigEndian(32)
        profile += Array("XYZ ".utf8) + zeros(4) + white
        profile += Array("para".utf8) + zeros(4) + [0, 3, 0, 0] + curve
        return profile
    }

    /// ICC's s15Fixed16.
    private static func numbers(_ values: [Double]) -> [UInt8] {
        values.flatMap { PNGChunks.bigEndian(UInt32(bitPattern: Int32(($0 * 65536).rounded()))) }
    }
}
