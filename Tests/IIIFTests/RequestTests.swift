import IIIF
import Testing

private let limits = SizeLimits(width: 5000, height: 4000, area: 8_000_000)

/// What the table of Image API 3.0, §4.7 calls canonical, of a 300×200 image.
private func canonical(_ request: String, _ version: APIVersion, limits: SizeLimits = limits) throws -> String
{
    try ImageRequest(request.split(separator: "/").map(String.init), version: version)
        .resolved(width: 300, height: 200, limits: limits).canonical(version, limits: limits)
}

@Suite struct RequestTests {
    @Test(arguments: [
        ("full/max/0/default.jpg", "full/max/0/default.jpg"),
        ("0,0,300,200/300,200/0/default.jpg", "full/max/0/default.jpg"),
        ("pct:0,0,100,100/300,/360/default.png", "full/max/0/default.png"),
        ("full/^max/0/default.jpg", "full/^max/0/default.jpg"),
        ("square/max/!90.0/gray.jpg", "50,0,200,200/max/!90/gray.jpg"),
        ("full/150,/0/default.jpg", "full/150,100/0/default.jpg"),
        ("full/,50/0/default.jpg", "full/75,50/0/default.jpg"),
        ("full/pct:50/0/default.jpg", "full/150,100/0/default.jpg"),
        ("full/!100,100/0/default.jpg", "full/100,67/0/default.jpg"),
        ("full/^600,/0/default.jpg", "full/^600,400/0/default.jpg"),
        ("full/^pct:200/0/default.jpg", "full/^600,400/0/default.jpg"),
        ("full/^!600,600/0/default.jpg", "full/^600,400/0/default.jpg"),
        ("full/^150,100/0/default.jpg", "full/150,100/0/default.jpg"),
        ("full/^400,100/0/default.jpg", "full/^400,100/0/default.jpg"),
        ("250,150,100,100/max/0/bitonal.jpg", "250,150,50,50/max/0/bitonal.jpg"),
        ("pct:41.6,7.5,40,70/max/0/color.jpg", "125,15,120,140/max/0/color.jpg"),
        ("00,007,10,10/5,5/0/default.jpg", "0,7,10,10/5,5/0/default.jpg"),
    ])
    func everyFormHasOneCanonicalForm(_ request: String, _ expected: String) throws {
        #expect(try canonical(request, .three) == expected)
        #expect(try canonical(expected, .three) == expected)
    }

    @Test(arguments: [
        ("full/full/0/default.jpg", "full/full/0/default.jpg"),
        ("full/max/0/default.jpg", "full/full/0/default.jpg"),
        ("full/150,100/0/default.jpg", "full/150,/0/default.jpg"),
        ("full/,100/0/default.jpg", "full/150,/0/default.jpg"),
        ("full/600,/0/default.jpg", "full/600,/0/default.jpg"),
        ("full/!600,600/0/default.jpg", "full/600,/0/default.jpg"),
        ("full/100,100/0/default.jpg", "full/100,100/0/default.jpg"),
        ("square/pct:10/0/default.jpg", "50,0,200,200/20,/0/default.jpg"),
    ])
    func versionTwoHasItsOwnCanonicalForm(_ request: String, _ expected: String) throws {
        #expect(try canonical(request, .two) == expected)
        #expect(try canonical(expected, .two) == expected)
    }

    @Test(arguments: [
        "full/full/0/default.jpg", "full/301,/0/default.jpg", "full/pct:101/0/default.jpg",
        "full/pct:100.1/0/default.jpg",
        "full/!600,600/0/default.jpg", "full/max/45/default.jpg", "full/max/-90/default.jpg",
        "full/max/450/default.jpg", "full/max/!/default.jpg", "full/max/0/native.jpg",
        "full/max/0/default.tif",
        "full/max/0/default", "full/max/0/.jpg", "full/0,/0/default.jpg", "full/,/0/default.jpg",
        "full/100/0/default.jpg", "full/1,2,3/0/default.jpg", "full/!100,/0/default.jpg",
        "full/pct:0/0/default.jpg",
        "full/pct:nan/0/default.jpg", "full/pct:1e2/0/default.jpg", "full/pct:inf/0/default.jpg",
        "full/+5,/0/default.jpg", "full/-5,/0/default.jpg", "full/5.5,/0/default.jpg",
        "full/ 5,/0/default.jpg",
        "300,0,10,10/max/0/default.jpg", "0,200,10,10/max/0/default.jpg", "0,0,0,10/max/0/default.jpg",
        "0,0,10/max/0/default.jpg", "-1,0,10,10/max/0/default.jpg", "pct:100,0,10,10/max/0/default.jpg",
        "pct:0,0,0,10/max/0/default.jpg", "pct:0,0,-1,10/max/0/default.jpg", "Full/max/0/default.jpg",
        "9999999999999999999999,0,1,1/max/0/default.jpg", "0,0,1,1/^99999999999999999999,/0/default.jpg",
        "full/^5001,1/0/default.jpg", "full/^1,4001/0/default.jpg", "full/^4000,4000/0/default.jpg",
        "full/^pct:100000/0/default.jpg", "full/^pct:99999999999999999999/0/default.jpg",
        "full/^9007199254740992,9007199254740992/0/default.jpg", "full/1,/0/default.jpg/x",
        "full/pct:0.1/0/default.jpg",
        "full/٣,/0/default.jpg",
    ])
    func whatTheSpecificationDoesNotAllowIsRefused(_ request: String) {
        #expect(throws: IIIFError.self) { try canonical(request, .three) }
    }

    @Test func maxIsTheLargestThatTheLimitsAllow() throws {
        for limits in [
            SizeLimits(width: 100, height: 4000, area: 1 << 30),
            SizeLimits(width: 4000, height: 77, area: 1 << 30),
            SizeLimits(width: 4000, height: 4000, area: 1234), SizeLimits(width: 1, height: 1, area: 1),
        ] {
            for (part, size) in [
                ("full", "max"), ("full", "^max"), ("0,0,300,1", "max"), ("0,0,1,200", "^max"),
            ] {
                let resolved = try ImageRequest([part, size, "0", "default.jpg"], version: .three)
                    .resolved(width: 300, height: 200, limits: limits)
                #expect(limits.allows(width: resolved.width, height: resolved.height))
                let region = resolved.region
                let isUnscaled = (resolved.width, resolved.height) == (region.width, region.height)
                // One pixel more in both directions would be too much, or more than the region has.
                #expect(
                    !limits.allows(width: resolved.width + 1, height: resolved.height + 1)
                        || size == "max" && isUnscaled)
            }
        }
    }

    // The reference validators expect the image's own size, which contradicts §4.2 where larger ones are allowed.
    @Test func upscaledMaxReachesTheAdvertisedLimit() throws {
        let resolved = try ImageRequest(["full", "^max", "0", "default.jpg"], version: .three)
            .resolved(width: 1000, height: 1000, limits: SizeLimits(width: 3000, height: 2500, area: 1 << 24))
        #expect((resolved.width, resolved.height) == (2500, 2500))
    }

    @Test func noSideIsLongerThanTheFormatHolds() throws {
        func resolve(_ request: String) throws -> ResolvedRequest {
            try ImageRequest(request.split(separator: "/").map(String.init), version: .three).resolved(
                width: 300, height: 200, limits: SizeLimits(width: 70_000, height: 70_000, area: 1 << 30))
        }
        #expect(try resolve("full/^16383,10/0/default.webp").width == 16383)
        #expect(throws: IIIFError.self) { try resolve("full/^16384,10/0/default.webp") }
        #expect(throws: IIIFError.self) { try resolve("full/^10,16384/90/default.webp") }
        #expect(try resolve("full/^65500,10/0/default.jpg").width == 65500)
        #expect(throws: IIIFError.self) { try resolve("full/^65501,10/0/default.jpg") }
        #expect(try resolve("full/^65501,10/0/default.png").width == 65501)
    }

    /// §4.2: less than a pixel is an error. The page asks for the middle of what is longer than 800:1, which is never less.
    @Test func whatIsTooLongForASmallImageHasAMiddle() throws {
        func extent(_ part: String, _ size: String, _ width: Int, _ height: Int) throws -> [Int] {
            let resolved = try ImageRequest([part, size, "0", "default.jpg"], version: .three)
                .resolved(width: width, height: height, limits: limits)
            return [resolved.width, resolved.height]
        }
        #expect(try extent("full", "!400,400", 2400, 3) == [400, 1])
        #expect(try extent("full", "!400,400", 3, 2400) == [1, 400])
        for (width, height) in [(2401, 3), (3, 2401), (801, 1)] {
            #expect(throws: IIIFError.self) { try extent("full", "!400,400", width, height) }
            let side = min(width, height)
            #expect(try extent("square", "max", width, height) == [side, side])
        }
    }

    @Test func confinedSizesStayWithinTheLimits() throws {
        let limits = SizeLimits(width: 120, height: 4000, area: 1 << 30)
        let resolved = try ImageRequest(["full", "!200,200", "0", "default.jpg"], version: .three)
            .resolved(width: 300, height: 200, limits: limits)
        #expect((resolved.width, resolved.height) == (120, 80))
    }
}
