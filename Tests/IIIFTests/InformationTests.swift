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
}
