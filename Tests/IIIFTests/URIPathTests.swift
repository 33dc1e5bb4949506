import IIIF
import Testing

@Suite struct URIPathTests {
    @Test func segmentsAreSplitBeforeTheyAreDecoded() throws {
        #expect(
            try URIPath("/iiif/3/a%2Fb/full/max/0/default.jpg").segments == [
                "iiif", "3", "a/b", "full", "max", "0", "default.jpg",
            ])
    }

    @Test(arguments: ["/a?b/c", "/a#b?c", "/a?\u{301}/b"])
    func queriesAreCutOff(_ target: String) throws { #expect(try URIPath(target).segments == ["a"]) }

    @Test func dotsAreSegmentsLikeAnyOther() throws {
        #expect(try URIPath("/iiif/3/%2E%2E/../x").segments == ["iiif", "3", "..", "..", "x"])
    }

    @Test func letterCaseOfDigitsDoesNotMatter() throws {
        #expect(try URIPath("/%c3%A9%2f").segments == ["é/"])
    }

    @Test(arguments: [
        "", "a", "/%", "/%4", "/%4g", "/%zz/x", "/%00", "/a%0D%0Ab", "/%7f", "/%ff", "/%c3%28", "/%ed%a0%80",
    ])
    func whatIsNoPathIsRefused(_ target: String) {
        #expect(throws: IIIFError.self) { try URIPath(target) }
    }

    @Test(arguments: ["photo@16x~bicubic", "a/b c", "é%", "\"<>;,", "x.y-z_"])
    func encodingReadsBackEqual(_ text: String) throws {
        let encoded = URIPath.encoded(text)
        #expect(try URIPath("/" + encoded).segments == [text])
        #expect(!encoded.contains { "/\"<>;, ".contains($0) })
    }
}
