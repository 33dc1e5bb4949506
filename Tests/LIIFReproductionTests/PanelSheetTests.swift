import Imaging
import LIIFReproduction
import Testing

@Suite struct PanelSheetTests {
    private func flat(_ value: UInt8) -> Image<UInt8> {
        Image(width: 40, height: 20, channels: 3, repeating: value)
    }

    @Test func panelsStandInRowsWithTheirLabelsBelow() {
        var sheet = PanelSheet(columns: 2)
        for value in [UInt8(10), 20, 30] { sheet.add("l0", flat(value)) }
        let image = sheet.drawn()
        #expect(image.width == 2 * 40 + 8 && image.height == 2 * (20 + 28))
        for (index, origin) in [(0, 0), (0, 48), (48, 0)].enumerated() {
            let panel = image.cropped(y: origin.0, x: origin.1, height: 20, width: 40)
            #expect(panel == flat(UInt8(10 * (index + 1))))
            // "l0": 11 dots wide, 22 pixels, in the middle of 40.
            let label = image.cropped(y: origin.0 + 20, x: origin.1, height: 28, width: 40)
            let black = (0..<40).filter { x in (0..<28).contains { label[$0, x, 0] == 0 } }
            #expect(black.first == 9 + 2 && black.last == 9 + 21)
        }
        // The place of a fourth panel, and the gap, are white.
        #expect(image.cropped(y: 48, x: 40, height: 48, width: 48).samples.allSatisfy { $0 == 255 })
    }

    @Test func lettersDiffer() {
        let glyphs = BitmapFont.glyphs
        #expect(Set(glyphs.values).count == glyphs.count)
        for (character, rows) in glyphs {
            #expect(rows.count >= 7 && rows.count <= BitmapFont.height, "\(character)")
            #expect(rows.allSatisfy { $0 < 32 }, "\(character)")
            #expect(character == " " || rows.contains { $0 != 0 }, "\(character)")
        }
        for character in "EDSR-baseline-MetaSR, 48x48 cell 1/30 no 1-SIREN Up-sampling Bicubic input (×)" {
            #expect(glyphs[character] != nil, "\(character)")
        }
        #expect(BitmapFont.width(of: "ab") == 11 && BitmapFont.width(of: "") == 0)
        #expect(BitmapFont.dots(of: "-").map(\.x) == [0, 1, 2, 3, 4])
        #expect(BitmapFont.dots(of: "é").count == BitmapFont.dots(of: "?").count)
    }

    @Test func framesAndNearestPixels() {
        var image = Image<UInt8>(width: 2, height: 1, channels: 3)
        image[0, 1, 2] = 200
        let large = image.enlargedToNearest(height: 3, width: 5)
        #expect((0..<5).map { large[1, $0, 2] } == [0, 0, 0, 200, 200])
        let framed = flat(0).outlined(y: 5, x: 6, extent: 4)
        var columns: [Int] = []
        for y in 0..<20 {
            for x in 0..<40 where framed[y, x, 0] == 230 { columns.append(x) }
        }
        #expect(columns.count == 8 * 8 - 4 * 4 && columns.min() == 4 && columns.max() == 11)
    }
}
