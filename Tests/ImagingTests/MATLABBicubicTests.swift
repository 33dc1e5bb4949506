import Imaging
import Testing

@Suite struct MATLABBicubicTests {
    @Test func everyByteIsTheNumPyReferences() throws {
        let cases = try ResamplingCase.load("matlab-bicubic")
        #expect(cases.count == 20)
        for item in cases {
            let result = item.input.resizedLikeMATLAB(
                height: item.expected.height, width: item.expected.width)
            expectEqual(result, item.expected, item.testDescription)
        }
    }

    @Test func smallerScaleGoesFirst() {
        // With equal scales rows come before columns, so transposing may change roundings; with different scales the
        // order depends on the scales alone, and transposing commutes.
        let image = noise(height: 60, width: 60, channels: 3, seed: 3)
        let resized = image.resizedLikeMATLAB(height: 20, width: 30)
        expectEqual(image.transposed().resizedLikeMATLAB(height: 30, width: 20), resized.transposed())
    }

    @Test(arguments: [(48, 48), (20, 91), (7, 3), (1, 1)])
    func constantStaysConstant(height: Int, width: Int) {
        for value in [0, 1, 127, 254, 255] as [UInt8] {
            let image = Image(width: 31, height: 29, channels: 3, repeating: value)
            let expected = Image(width: width, height: height, channels: 3, repeating: value)
            expectEqual(image.resizedLikeMATLAB(height: height, width: width), expected)
        }
    }
}
