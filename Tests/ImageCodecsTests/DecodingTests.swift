import ImageCodecs
import Imaging
import PictureFixtures
import Testing

@Suite struct DecodingTests {
    @Test(arguments: Fixture.decodable.map(\.name))
    func samplesArePillows(name: String) throws {
        let fixture = try #require(Fixture.decodable.first { $0.name == name })
        let source = try ImageFile.source(at: try Fixture.path(name))
        let shape = ImageInfo(
            width: Fixture.width, height: Fixture.height, channels: fixture.channels,
            bitsPerSample: fixture.bits)
        #expect(source.info == shape)
        #expect(source.format == fixture.format)
        let expected = try Fixture.bytes(name + ".raw")
        var got: [UInt8] = []
        while source.rowsLeft > 0 {  // strips of 4 rows, the last one shorter
            if fixture.bits == 16 {
                let strip = try #require(try source.readRows(4, as: UInt16.self))
                got += strip.samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
            } else {
                got += try #require(try source.readRows(4, as: UInt8.self)).samples
            }
        }
        #expect(try source.readRows(1, as: UInt8.self) == nil)
        try #require(got.count == expected.count)
        let step = fixture.bits / 8
        func sample(_ bytes: [UInt8], _ index: Int) -> Int {
            Int(bytes[index]) | (step == 2 ? Int(bytes[index + 1]) << 8 : 0)
        }
        let differing = stride(from: 0, to: got.count, by: step).filter {
            abs(sample(got, $0) - sample(expected, $0)) > fixture.tolerance
        }
        #expect(
            differing.isEmpty,
            "\(differing.count) of \(expected.count / step) samples differ, first at \(differing.first ?? 0)")
    }

    @Test func depthsAreConverted() throws {
        let path = try Fixture.path("deep.png")
        let deep = try Image<UInt16>.read(from: path)
        let shallow = try Image<UInt8>.read(from: path)
        for (sample, value) in zip(shallow.samples, deep.samples) {
            #expect(Int(sample) == Int((Double(value) * 255 / 65535).rounded()))
        }
        let widened = try Image<UInt16>.read(from: try Fixture.path("rgb.png"))
        #expect(
            widened.samples
                == (try Image<UInt8>.read(from: try Fixture.path("rgb.png"))).samples.map { UInt16($0) * 257 }
        )
    }
}
