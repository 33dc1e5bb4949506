import Foundation
import Imaging
import LIIFEvaluation
import Testing

/// Sets and pictures of one name are kept apart.
@Suite struct EvaluationNamesTests {
    @Test func setsOfOneName() throws {
        let folder = try EvaluationFolder(named: "root")
        for name in ["Set5/HR", "Set14/HR", "other/Set5", "single"] {
            try folder.add(noise(height: 24, width: 24), as: "\(name)/a.png")
        }
        func open(_ names: String...) throws -> [EvaluationSet] {
            try EvaluationSet.open(names.map { "\(folder.path)/\($0)" }, style: .faces)
        }
        #expect(try open("single/").map(\.name) == ["single"])
        #expect(
            try open("Set5", "other/Set5", "single").map(\.name) == ["root/Set5", "other/Set5", "single"])
        #expect(throws: EvaluationError.givenTwice("\(folder.path)/single")) {
            _ = try open("single", "./single")
        }
        let table = try open("Set5/HR", "Set14/HR").reduce(EvaluationTable()) {
            $0 + (try evaluate([BicubicUpscaler()], on: [$1], scales: [2]))
        }
        #expect(table.markdown.contains("| Set5/HR | ×2 |") && table.markdown.contains("| Set14/HR | ×2 |"))
    }

    @Test func picturesOfOneName() throws {
        let folder = try EvaluationFolder()
        for name in ["a.png", "a.webp", "b.png"] { try folder.add(noise(height: 24, width: 24), as: name) }
        let set = try EvaluationSet(path: folder.path, style: .faces)
        let table = try evaluate([BicubicUpscaler()], on: [set], scales: [2])
        #expect(table.results[0].pictures.map(\.name) == ["a.png", "a.webp", "b"])
    }

    @Test func aPictureThatIsMeasuredTwiceHasTwoRows() {
        let pictures = [33.0, 35].map {
            EvaluationTable.Picture(name: "p", psnr: $0, height: 8, width: 9, seconds: 0.5)
        }
        let table = EvaluationTable(results: [
            .init(method: "Bicubic", set: "S", scale: "×2", protocolName: "none", pictures: pictures)
        ])
        #expect(
            table.markdownByPicture == """
                | S ×2 | Bicubic | s |
                |---|---:|---:|
                | p | 33.00 | 0.50 |
                | p | 35.00 | 0.50 |
                | mean | 34.00 | 0.50 |

                """)
    }

    @Test func publishedRowsStandBesideTheirOwnSetAlone() throws {
        let folder = try EvaluationFolder()
        try folder.add(noise(height: 24, width: 24), as: "a.png")
        func rows(_ name: String, _ style: EvaluationSet.Style) throws -> [PublishedFigures] {
            PublishedFigures.rows(for: try EvaluationSet(path: folder.path, name: name, style: style))
        }
        let (div2k, set5) = (PublishedFigures.rows(set: "DIV2K"), PublishedFigures.rows(set: "Set5"))
        #expect(!div2k.isEmpty && !set5.isEmpty)
        #expect(try rows("DIV2K_valid_HR", .divided2K) == div2k)
        #expect(try rows("DIV2K", .divided2K) == div2k)
        #expect(try rows("Set5", .benchmark) == set5)
        #expect(try rows("mine/Set5", .benchmark) == set5)
        for (name, style) in [
            ("photographs", EvaluationSet.Style.divided2K), ("Set5", .divided2K), ("Set5", .faces),
            ("DIV2K_valid_HR", .benchmark),
        ] {
            #expect(try rows(name, style).isEmpty)
        }
    }
}
