import LIIF
import Testing

/// MetaSR's latent of a pixel: the one whose cell holds the pixel's top left corner (Hu et al., section 3.2:
/// ⌊i/r⌋ and i/r − ⌊i/r⌋).
@Suite struct MetaSRSearchTests {
    @Test(arguments: [1, 2, 3, 7, 32], [1, 2, 3, 4, 8])
    func wholeScalesFindTheFloorAndTheFraction(_ count: Int, scale: Int) {
        let pixels = count * scale
        for i in 0..<pixels {
            let found = LatentSearch.corner.neighbours(
                of: LocalEnsemble.pixelCentre(i, of: pixels), cell: Float(2 / Double(pixels)), count: count)
            #expect(found.before == found.after)
            #expect(Int(found.before.index) == i / scale, "pixel \(i) of \(pixels)")
            let fraction = Float(i % scale) / Float(scale)
            #expect(abs(found.before.relative - fraction) < 1e-6 * Float(count) + 1e-6)
        }
    }

    @Test func otherScalesTakeTheCellThatHoldsTheCorner() {
        for (count, pixels) in [(10, 37), (24, 89), (32, 118), (7, 5)] {
            for i in 0..<pixels {
                let corner = Double(i) * Double(count) / Double(pixels)
                let found = LatentSearch.corner.neighbours(
                    of: LocalEnsemble.pixelCentre(i, of: pixels), cell: Float(2 / Double(pixels)),
                    count: count
                ).before
                // Within a millionth of a border either side will do.
                if abs(corner - corner.rounded()) > 1e-4 { #expect(Int(found.index) == Int(corner)) }
                #expect(abs(Double(found.index) + Double(found.relative) - corner) < 1e-4)
            }
        }
    }
}
