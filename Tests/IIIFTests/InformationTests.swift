import Foundation
import IIIF
import Testing

@Suite struct InformationTests {
    private func document(_ version: APIVersion, width: Int = 1500, height: Int = 700) throws -> [String: Any]
    {
        let information = ImageInformation(
            width: width, height: height, limits: SizeLimits(width: 2000, height: 2000, area: 900_000))
        let text = information.json(version, id: "http://localhost/iiif/\(version.rawValue)/a%2Fb")
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func versionThreeSaysWhatTheSpecificationRequires() throws {
        let info = try document(.three)
        #expect(info["@context"] as? String == "http://iiif.io/api/image/3/context.json")
        #expect(info["id"] as? String == "http://localhost/iiif/3/a%2Fb")
        #expect(info["type"] as? String == "ImageService3")
        #expect(info["protocol"] as? String == "http://iiif.io/api/image")
        #expect(info["profile"] as? String == "level2")
        #expect(info["width"] as? Int == 1500 && info["height"] as? Int == 700)
        #expect(info["maxArea"] as? Int == 900_000)
        let tiles = try #require(info["tiles"] as? [[String: Any]])
        #expect(tiles[0]["scaleFactors"] as? [Int] == [1, 2, 4])
    }

    /// §4.4: all that are there beside `default`, whatever the level asks for; `color` only where there are colours.
    @Test func allQualitiesAreListed() throws {
        func qualities(hasColor: Bool) throws -> [String]? {
            let limits = SizeLimits(width: 2000, height: 2000, area: 900_000)
            let text = ImageInformation(width: 15, height: 7, limits: limits, hasColor: hasColor)
                .json(.three, id: "x")
            let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return document?["extraQualities"] as? [String]
        }
        #expect(try qualities(hasColor: true) == ["color", "gray", "bitonal"])
        #expect(try qualities(hasColor: false) == ["gray", "bitonal"])
    }

    @Test func versionTwoSaysWhatTheSpecificationRequires() throws {
        let info = try document(.two)
        #expect(info["@id"] as? String == "http://localhost/iiif/2/a%2Fb")
        let profile = try #require(info["profile"] as? [Any])
        #expect(profile[0] as? String == "http://iiif.io/api/image/2/level2.json")
        let supported = try #require(profile[1] as? [String: Any])
        #expect(supported["maxWidth"] as? Int == 2000)
        #expect((supported["supports"] as? [String])?.contains("sizeAboveFull") == true)
    }

    @Test func everySizeThatIsListedMayBeRequested() throws {
        let information = ImageInformation(
            width: 1501, height: 703, limits: SizeLimits(width: 2000, height: 2000, area: 900_000))
        #expect(information.sizes.map(\.width) == [376, 751])
        for size in information.sizes {
            _ = try ImageRequest(
                ["full", "\(size.width),\(size.height)", "0", "default.jpg"], version: .three
            )
            .resolved(width: 1501, height: 703, limits: information.limits)
        }
    }

    /// Limits of each kind, and the side of the tiles within them.
    @Test(arguments: [
        (SizeLimits(width: 8192, height: 8192, area: 1 << 24), 512),
        (SizeLimits(width: 400, height: 8192, area: 1 << 24), 256),
        (SizeLimits(width: 8192, height: 200, area: 1 << 24), 128),
        (SizeLimits(width: 8192, height: 8192, area: 104_857), 256),
        (SizeLimits(width: 400, height: 400, area: 65_535), 128),
        (SizeLimits(width: 1, height: 1, area: 1), 1),
    ])
    func everyTileMayBeRequested(limits: SizeLimits, side: Int) throws {
        let (width, height) = (1500, 700)
        let information = ImageInformation(width: width, height: height, limits: limits)
        #expect(information.tileSide == side)
        let tiles = "\"tiles\":[{\"width\":\(side),\"height\":\(side),"
        #expect(information.json(.three, id: "x").contains(tiles))
        for factor in information.scaleFactors {
            let (across, down) = (min(side * factor, width), min(side * factor, height))
            let size = "\((across + factor - 1) / factor),\((down + factor - 1) / factor)"
            _ = try ImageRequest(["0,0,\(across),\(down)", size, "0", "default.jpg"], version: .three)
                .resolved(width: width, height: height, limits: limits)
        }
    }
}
