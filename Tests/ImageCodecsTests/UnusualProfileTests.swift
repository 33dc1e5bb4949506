import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// Profiles that lcms2 reads and others do not.
@Suite struct UnusualProfileTests {
    let folder: TemporaryFolder
    private let image = TestPicture.chart(3, of: UInt8.self)
    private static let options = EncodingOptions(webpQuality: nil, jpegXLQuality: nil)

    init() throws { folder = try TemporaryFolder() }

    private static func profile(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        var profile = try Fixture.bytes("p3.icc")
        change(&profile)
        return profile
    }

    /// What a file of this format is in sRGB, after a TIFF file with the profile.
    private func look(in name: String, _ profile: [UInt8]) throws -> (
        color: ColorEncoding, image: Image<UInt8>
    ) {
        try image.write(
            to: folder.file("profile.tif"), metadata: ImageMetadata(color: .profile(profile)),
            options: Self.options)
        let metadata = try ImageFile.source(at: folder.file("profile.tif")).metadata
        try image.write(to: folder.file(name), metadata: metadata, options: Self.options)
        return (
            try ImageFile.source(at: folder.file(name)).metadata.color,
            try Image<UInt8>.read(from: folder.file(name))
        )
    }

    @Test(arguments: ["a.png", "a.tif", "a.webp", "a.jxl"]) func bytesBehindAProfileAreNoneOfIt(name: String)
        throws
    {
        let p3 = try Self.profile { _ in }
        let (color, _) = try look(in: name, p3 + [0, 0, 7])
        #expect(color == .profile(p3))
    }

    @Test(arguments: ["a.png", "a.tif", "a.webp", "a.jxl"]) func lengthsAreFilledUpToWords(name: String)
        throws
    {
        let odd = try Self.profile {
            $0[8] = 4
            $0.append(0)
            $0.replaceSubrange(..<4, with: PNGChunks.bigEndian(UInt32($0.count)))
            $0[84] = 9
        }
        let whole = try Self.profile {
            $0[8] = 4
            $0 += [0, 0, 0, 0]
            $0.replaceSubrange(..<4, with: PNGChunks.bigEndian(UInt32($0.count)))
        }
        try #require(whole.count % 4 == 0)
        let (color, _) = try look(in: name, odd)
        #expect(color == .profile(whole))
    }

    /// libpng refuses a length that is not there, libjxl an unknown rendering intent.
    @Test(arguments: ["a.png", "a.jxl"]) func whatALibraryRefusesIsConverted(name: String) throws {
        let refused = try Self.profile {
            if name == "a.png" {
                $0.replaceSubrange(..<4, with: PNGChunks.bigEndian(UInt32($0.count + 4)))
            } else {
                $0[67] = 5
            }
        }
        let (color, found) = try look(in: name, refused)
        #expect(color.isSRGB)
        let expected = try Image<UInt8>.read(from: folder.file("profile.tif"))
        #expect(found == expected && expected != image)
    }
}
