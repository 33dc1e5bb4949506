import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

@Suite struct ColorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Flat greys, a slow gradient, and patches of 16×16 pixels as on a colour chart.
    private static let pictures: [(name: String, image: Image<UInt8>)] = {
        let flat = [0, 1, 119, 128, 254, 255].map { level in
            ("flat \(level)", Image<UInt8>(width: 48, height: 32, channels: 3, repeating: UInt8(level)))
        }
        let gradient = Image<UInt8>(
            width: 256, height: 24, channels: 3, samples: (0..<24 * 256 * 3).map { UInt8($0 / 3 % 256) })
        return flat + [("gradient", gradient), ("chart", ColorChart.picture(side: 16))]
    }()

    /// Worst difference, and the difference of the means, in levels of 8 bits.
    private func errors(_ a: Image<UInt8>, _ b: Image<UInt8>) -> (worst: Int, shift: Double) {
        let differences = zip(a.samples, b.samples).map { Int($0) - Int($1) }
        return (
            differences.map(abs).max() ?? 0,
            (Double(differences.reduce(0, +)) / Double(differences.count)).magnitude
        )
    }

    @Test(arguments: ["a.png", "a.tif", "a.webp", "a.jxl"]) func losslessFormatsShiftNothing(name: String)
        throws
    {
        for (title, image) in Self.pictures {
            let options = EncodingOptions(webpQuality: nil, jpegXLQuality: nil)
            try image.write(to: folder.file(name), options: options)
            #expect(try Image<UInt8>.read(from: folder.file(name)) == image, "\(title)")
            let deep = Image<UInt16>(depthOf: image)
            guard name != "a.webp" else { continue }
            try deep.write(to: folder.file("deep-" + name), options: options)
            #expect(try Image<UInt16>.read(from: folder.file("deep-" + name)) == deep, "\(title), 16 bits")
        }
    }

    /// The worst errors of the lossy formats at their default qualities, in levels of 8 bits; the changelog states
    /// them. Between patches WebP, which halves the resolution of colours, may err more.
    @Test(arguments: [("a.jpg", 0, 1, 1), ("a.webp", 3, 12, 56), ("a.jxl", 1, 2, 2)])
    func lossyFormatsHardlyShift(name: String, flatLimit: Int, centreLimit: Int, chartLimit: Int) throws {
        for (title, image) in Self.pictures {
            try image.write(to: folder.file(name))
            let back = try Image<UInt8>.read(from: folder.file(name))
            let (worst, shift) = errors(back, image)
            #expect(worst <= (title == "chart" ? chartLimit : flatLimit), "\(name), \(title): \(worst)")
            #expect(shift <= 0.1, "\(name), \(title): \(shift)")
            guard title == "chart" else { continue }
            for patch in 0..<24 {
                func centre(_ image: Image<UInt8>) -> Image<UInt8> {
                    image.cropped(y: patch / 6 * 16 + 4, x: patch % 6 * 16 + 4, height: 8, width: 8)
                }
                let (worst, shift) = errors(centre(back), centre(image))
                #expect(worst <= centreLimit && shift <= 1, "\(name), patch \(patch): \(worst), \(shift)")
            }
        }
    }

    @Test(arguments: ["a.png", "a.jpg", "a.tif", "a.webp"]) func profilesAreKept(name: String) throws {
        let p3 = ColorEncoding.profile(try Fixture.bytes("p3.icc"))
        let image = Self.pictures.last!.image
        try image.write(to: folder.file(name), metadata: ImageMetadata(color: p3))
        #expect(try ImageFile.source(at: folder.file(name)).metadata.color == p3)
        #expect(!p3.isSRGB)
        // A profile of colours does not belong to a grey picture.
        try image.channel(0).write(to: folder.file("grey-" + name), metadata: ImageMetadata(color: p3))
        #expect(try ImageFile.source(at: folder.file("grey-" + name)).metadata.color == .unspecified)
        try image.write(to: folder.file(name), metadata: ImageMetadata(color: .profile([1, 2, 3])))
        #expect(try ImageFile.source(at: folder.file(name)).metadata.color == .unspecified)
        try image.write(to: folder.file(name), metadata: ImageMetadata(color: .sRGB))
        #expect(try ImageFile.source(at: folder.file(name)).metadata.color.isSRGB)
    }

    /// The oracle: P3's matrix to sRGB and the two curves, which are the same, in double precision.
    @Test func displayP3LooksTheSameInSRGB() throws {
        func light(_ v: Double) -> Double { v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4) }
        func stored(_ v: Double) -> Double { v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055 }
        let matrix = [
            [1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979],
        ]
        let image = Self.pictures.last!.image
        let p3 = ImageMetadata(color: .profile(try Fixture.bytes("p3.icc")))
        try image.write(to: folder.file("a.tif"), metadata: p3)
        let source = try ImageFile.source(at: folder.file("a.tif"), inSRGB: true)
        #expect(source.metadata.color == .sRGB)
        let converted = try #require(try source.readRows(image.height, as: UInt8.self))
        for pixel in 0..<image.width * image.height {
            let colour = (0..<3).map { light(Double(image.samples[3 * pixel + $0]) / 255) }
            for channel in 0..<3 {
                let value = zip(matrix[channel], colour).reduce(0) { $0 + $1.0 * $1.1 }
                let expected = min(max(stored(max(value, 0)), 0), 1) * 255
                let got = Double(converted.samples[3 * pixel + channel])
                #expect((got - expected).magnitude < 1.6, "pixel \(pixel): \(got), expected \(expected)")
            }
        }
        // Greys have no hue to move.
        let grey = Image<UInt8>(width: 4, height: 4, channels: 3, repeating: 119)
        try grey.write(to: folder.file("g.tif"), metadata: p3)
        #expect(try Image<UInt8>.read(from: folder.file("g.tif"), inSRGB: true) == grey)
    }

    @Test func alphaAndDepthSurviveConversion() throws {
        let image = TestPicture.chart(4, of: UInt16.self)
        let p3 = ImageMetadata(color: .profile(try Fixture.bytes("p3.icc")))
        try image.write(to: folder.file("a.png"), metadata: p3)
        let converted = try Image<UInt16>.read(from: folder.file("a.png"), inSRGB: true)
        #expect(converted.channel(3) == image.channel(3))
        #expect(converted.channel(0) != image.channel(0))
        #expect(try ImageFile.source(at: folder.file("a.png"), inSRGB: true).info.bitsPerSample == 16)
        // Without a profile there is nothing to convert.
        try image.write(to: folder.file("b.png"))
        #expect(try Image<UInt16>.read(from: folder.file("b.png"), inSRGB: true) == image)
    }

    /// gAMA 1 means light itself: half of it is sRGB's 188.
    @Test(arguments: [UInt8(0), 2]) func gammaOfPNGIsAProfile(colourType: UInt8) throws {
        let plain = Image<UInt8>(width: 3, height: 2, channels: colourType == 0 ? 1 : 3, repeating: 128)
        try plain.write(to: folder.file("a.png"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("a.png"))))
        let place = try #require(PNGChunks.position(of: "IDAT", in: bytes))
        bytes.insert(contentsOf: PNGChunks.chunk("gAMA", PNGChunks.bigEndian(100_000)), at: place)
        let path = try folder.file("b.png", containing: bytes)
        #expect(try Image<UInt8>.read(from: path, inSRGB: false) == plain)
        let converted = try Image<UInt8>.read(from: path, inSRGB: true)
        #expect(converted.samples.allSatisfy { (187...189).contains($0) }, "\(converted.samples)")
        // As a profile it outlives a change of format.
        let metadata = try ImageFile.source(at: path).metadata
        try plain.write(to: folder.file("c.tif"), metadata: metadata)
        #expect(try Image<UInt8>.read(from: folder.file("c.tif"), inSRGB: true) == converted)
        // WebP has no grey; the look stays.
        try plain.write(
            to: folder.file("d.webp"), metadata: metadata, options: EncodingOptions(webpQuality: nil))
        let last = try Image<UInt8>.read(from: folder.file("d.webp"), inSRGB: true)
        #expect(last.samples.allSatisfy { (187...189).contains($0) })
    }
}
