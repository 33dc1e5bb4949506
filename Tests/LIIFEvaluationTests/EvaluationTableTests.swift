import Foundation
import Imaging
import LIIFEvaluation
import LIIFTraining
import Testing

/// Returns one grey, whatever it is shown.
private struct GreyPainter: SuperResolver {
    var name: String { "Grey" }
    func upscaled(_ image: Image<UInt8>, height: Int, width: Int) -> FloatImage {
        FloatImage(
            height: height, width: width, channels: 3,
            values: [Float](repeating: 0.5, count: height * width * 3))
    }
}

@Suite struct EvaluationTableTests {
    /// Oracle: by hand. Grey 0.5 beside black and beside 0.4 (102 of 255): 6.0206 and 20 dB, mean 13.01.
    @Test func theMeanIsOfThePicturesPSNR() throws {
        let folder = try EvaluationFolder()
        try folder.add(Image<UInt8>(width: 24, height: 24, channels: 3), as: "a.png")
        try folder.add(Image<UInt8>(width: 30, height: 24, channels: 3, repeating: 102), as: "b.png")
        let set = try EvaluationSet(path: folder.path, style: .faces)
        var seen: [String] = []
        let table = try evaluate([GreyPainter()], on: [set], scales: [1, 6]) { progress in
            seen.append(
                "\(progress.set) \(progress.scale) \(progress.done)/\(progress.count) \(progress.latest.name)"
            )
        }
        #expect(seen == ["Set ×1 1/2 a", "Set ×1 2/2 b", "Set ×6 1/2 a", "Set ×6 2/2 b"])
        for scale in ["×1", "×6"] {
            let mean = try #require(table.psnr(method: "Grey", set: "Set", scale: scale))
            #expect(abs(mean - (20 * log10(2) + 20) / 2) < 1e-5)
        }
        #expect(table.psnr(method: "Grey", set: "Set", scale: "×2") == nil)
        let pictures = table.results[0].pictures
        #expect(pictures[1].height == 24 && pictures[1].width == 30 && pictures[1].seconds >= 0)
    }

    private func result(_ method: String, _ scale: String, _ psnr: [Double]) -> EvaluationTable.Result {
        .init(
            method: method, set: "Set5", scale: scale, protocolName: "benchmark-2",
            pictures: psnr.enumerated().map {
                .init(name: "p\($0.offset)", psnr: $0.element, height: 8, width: 9, seconds: 0.5)
            })
    }

    @Test func rendersAsMarkdown() {
        let table = EvaluationTable(results: [
            result("Bicubic", "×2", [33, 34]), result("Bicubic", "×3", [.infinity]),
            result("LIIF", "×2", [37.125]),
        ])
        #expect(
            table.markdown == """
                | Set5 | ×2 | ×3 |
                |---|---:|---:|
                | Bicubic | 33.50 | ∞ |
                | LIIF | 37.12 |  |

                """)
        #expect(
            EvaluationTable(results: [table.results[0], table.results[2]]).markdownByPicture == """
                | Set5 ×2 | Bicubic | s | LIIF | s |
                |---|---:|---:|---:|---:|
                | p0 | 33.00 | 0.50 | 37.12 | 0.50 |
                | p1 | 34.00 | 0.50 |  |  |
                | mean | 33.50 | 0.50 | 37.12 | 0.50 |

                """)
    }

    @Test func readsItsJSONBack() throws {
        let table = EvaluationTable(results: [
            result("a", "×2", [33.1, 0.1 + 0.2]), result("b", "×3", [.infinity]),
        ])
        #expect(try EvaluationTable(json: table.json) == table)
        #expect(table.json.contains("\"psnr\" : \"inf\""))
    }

    /// Oracle: the tables of the paper, some of their corners.
    @Test func publishedFiguresStandBeside() throws {
        let div2k = PublishedFigures.rows(set: "DIV2K").reduce(EvaluationTable()) {
            $0 + $1.table(style: .divided2K)
        }
        for (method, scale, psnr) in [
            ("Bicubic (Table 1)", "×2", 31.01), ("RDN-LIIF (Table 1)", "×30", 20.59),
            ("EDSR-baseline-LIIF (Table 1)", "×4", 29.00),
            ("EDSR-baseline-LIIF (-u) (Table 3)", "×24", 21.17),
            ("EDSR-baseline-LIIF (×4-only) (Table 4)", "×2", 34.08),
        ] {
            #expect(div2k.psnr(method: method, set: "DIV2K", scale: scale) == psnr)
        }
        #expect(div2k.psnr(method: "EDSR-baseline (Table 1)", set: "DIV2K", scale: "×6") == nil)
        let urban = PublishedFigures.rows(set: "Urban100").first { $0.method == "RDN-LIIF" }
        #expect(urban?.psnr == [32.87, 28.82, 26.68, 24.20, 22.79])
        #expect(PublishedFigures.all.allSatisfy { $0.scales.count == $0.psnr.count })
        // PSNR falls as the scale grows, in every published row.
        for row in PublishedFigures.all {
            #expect(zip(row.psnr, row.psnr.dropFirst()).allSatisfy { $0 > $1 }, "\(row)")
        }
        #expect(PublishedFigures.rows(set: "Faces 32→256").map(\.psnr) == [[27.56], [27.74]])
    }
}
