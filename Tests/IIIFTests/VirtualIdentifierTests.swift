import IIIF
import Testing

@Suite struct VirtualIdentifierTests {
    private let listed: Set<String> = ["photo", "odd@2x", "a/b"]

    private func parse(_ text: String) throws -> VirtualIdentifier {
        try VirtualIdentifier(text, largestFactor: 16) { listed.contains($0) }
    }

    @Test func suffixesChooseFactorAndInterpolation() throws {
        #expect(try parse("photo") == VirtualIdentifier(base: "photo"))
        #expect(try parse("photo@16x") == VirtualIdentifier(base: "photo", factor: 16))
        #expect(try parse("photo~nearest") == VirtualIdentifier(base: "photo", interpolation: .nearest))
        #expect(
            try parse("a/b@2x~bicubic") == VirtualIdentifier(base: "a/b", factor: 2, interpolation: .bicubic))
    }

    @Test func aListedNameMeansItself() throws {
        #expect(try parse("odd@2x") == VirtualIdentifier(base: "odd@2x"))
        #expect(try parse("odd@2x@4x") == VirtualIdentifier(base: "odd@2x", factor: 4))
        #expect(try parse("odd@2x~bicubic") == VirtualIdentifier(base: "odd@2x", interpolation: .bicubic))
    }

    @Test(arguments: [
        "", "other", "photo@17x", "photo@1x", "photo@0x", "photo@02x", "photo@-2x", "photo@2.5x", "photo@x",
        "photo@2",
        "photo~liif", "photo~lanczos", "photo~bicubic@2x", "photo@2x@2x", "../photo",
        "photo@99999999999999999999x", "odd",
    ])
    func nothingElseIsServed(_ text: String) {
        #expect(throws: IIIFError.self) { try parse(text) }
    }

    @Test(arguments: ["photo", "photo@16x", "photo@3x~nearest", "photo~bicubic"])
    func theTextReadsBackEqual(_ text: String) throws { #expect(try parse(text).text == text) }
}
