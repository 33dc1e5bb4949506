import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFReproduction
import LIIFTraining
import TestSupport
import Testing

/// A smooth picture with edges.
private func picture(height: Int, width: Int, phase: Int = 0) -> Image<UInt8> {
    var image = Image<UInt8>(width: width, height: height, channels: 3)
    for y in 0..<height {
        for x in 0..<width {
            let band = (x / 9 + y / 13 + phase) % 2 == 0
            for c in 0..<3 { image[y, x, c] = UInt8((x * (c + 1) / 3 + y / 2) % 200 + (band ? 55 : 0)) }
        }
    }
    return image
}

private func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

@Suite struct ReproductionTests {
    /// Networks of a few numbers and two iterations: what is tested is the way from pictures to Markdown.
    private let tiny: Budget = {
        var budget = SmallBudget()
        (budget.residualBlocks, budget.features, budget.widthDivisor) = (1, 4, 64)
        (budget.samplesPerImage, budget.iterationsPerEpoch, budget.epochs) = (16, 1, 2)
        return .small(budget)
    }()

    private func reproduction(_ folder: String) throws -> Reproduction {
        try makeFolder("\(folder)/data/train")
        try makeFolder("\(folder)/data/validation")
        for index in 0..<2 {
            try picture(height: 192, width: 200, phase: index).write(to: "\(folder)/data/train/\(index).png")
        }
        try picture(height: 1160, width: 1152).write(to: "\(folder)/data/validation/a.png")
        return try Reproduction(
            .init(
                data: "\(folder)/data", models: "\(folder)/models", recipes: recipesFolder,
                output: "\(folder)/out"), budget: tiny)
    }

    @Test func plansTrainsMeasuresAndWrites() throws {
        try withTemporaryFolder { folder in
            let reproduction = try reproduction(folder)
            let plan = try reproduction.plan([.table4, .figure7], tryingEachIn: "\(folder)/trials")
            #expect(
                plan.runs.map(\.name) == [
                    "edsr-baseline-liif", "edsr-baseline-liif-x2", "edsr-baseline-liif-x3",
                    "edsr-baseline-liif-x4", "edsr-baseline-liif-c",
                ])
            #expect(plan.runs.allSatisfy { !$0.isComplete && $0.done == 0 && $0.estimate?.iterations == 2 })
            #expect(plan.secondsLeft ?? -1 > 0)
            // A trial leaves nothing behind.
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/models"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/trials").isEmpty)

            // The first run is interrupted after one iteration and goes on from there.
            let first = plan.runs[0]
            let runFolder = "\(folder)/models/small/edsr-baseline-liif"
            do {
                let other = try Trainer(
                    first.recipe, folder: runFolder, dataRoot: "\(folder)/data", resume: false)
                // Meanwhile nothing is written into its folder.
                #expect(throws: TrainerError.folderLocked(runFolder)) {
                    _ = try reproduction.trainer(of: first)
                }
                #expect(!FileManager.default.fileExists(atPath: "\(runFolder)/recipe.yaml"))
                withExtendedLifetime(other) {}
            }
            do {
                let trainer = try reproduction.trainer(of: first)
                try trainer.run { _ in trainer.stop() }
            }
            #expect(try reproduction.plan([.table4]).runs[0].done == 1)
            var iterations: [Int] = []
            for run in plan.runs {
                try reproduction.trainer(of: run).run { iterations.append($0.iteration) }
            }
            #expect(iterations == [2] + [1, 2, 1, 2, 1, 2, 1, 2])
            #expect(try reproduction.plan([.table4, .figure7]).runs.allSatisfy(\.isComplete))
            #expect(try TrainingRecipe(contentsOf: "\(runFolder)/recipe.yaml") == first.recipe)

            try checkTable(reproduction, folder)
            try checkFigure(reproduction, folder)
        }
    }

    private func checkTable(_ reproduction: Reproduction, _ folder: String) throws {
        let text = try reproduction.report(.table4)
        #expect(try String(contentsOfFile: "\(folder)/out/table4.md", encoding: .utf8) == text)
        let lines = text.split(separator: "\n").map(String.init)
        let names = lines.filter { $0.hasPrefix("|") }.map {
            $0.components(separatedBy: " | ")[0].dropFirst(2)
        }
        #expect(
            names == [
                "validation", "--|---:|---:|---:|---:|---:|---:|---:|---:|", "Bicubic", "Bicubic (Table 1)",
                "EDSR-baseline-LIIF", "EDSR-baseline-LIIF (Table 1)", "EDSR-baseline-LIIF (×2-only)",
                "EDSR-baseline-LIIF (×2-only) (Table 4)", "EDSR-baseline-LIIF (×3-only)",
                "EDSR-baseline-LIIF (×3-only) (Table 4)", "EDSR-baseline-LIIF (×4-only)",
                "EDSR-baseline-LIIF (×4-only) (Table 4)",
            ])
        #expect(
            lines.contains { $0.hasPrefix("- EDSR-baseline-LIIF (×2-only) above EDSR-baseline-LIIF at ×2: ") }
        )
        #expect(lines.contains { $0.hasPrefix("- `edsr-baseline-liif-x3`: 2 iterations in ") })

        // What is known is not measured again: a number put into the file by hand is what appears.
        let path = "\(folder)/models/measurements.json"
        let known = try String(contentsOfFile: path, encoding: .utf8)
        let bicubic = try #require(lines.first { $0.hasPrefix("| Bicubic |") })
        let altered = known.replacing(/("psnr" : )[0-9.]+/) { "\($0.output.1)77.25" }
        try altered.write(toFile: path, atomically: true, encoding: .utf8)
        let again = try Reproduction(reproduction.folders, budget: tiny).report(.table4)
        #expect(!again.contains(bicubic) && again.contains("| Bicubic | 77.25 |"))
        try known.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func checkFigure(_ reproduction: Reproduction, _ folder: String) throws {
        var reproduction = reproduction
        #expect(
            throws: ReproductionError.tooSmall(
                picture: "\(folder)/small.png", width: 100, height: 124, least: 128)
        ) {
            try picture(height: 124, width: 100).write(to: "\(folder)/small.png")
            reproduction.picture = "\(folder)/small.png"
            _ = try reproduction.report(.figure7)
        }
        reproduction.picture = "\(folder)/data/train/0.png"
        try picture(height: 300, width: 1200).write(to: "\(folder)/data/validation/b.png")
        let text = try reproduction.report(.figure7)
        #expect(text.contains("on 1 patches of 48×48 (pictures left out as too small: 1):"))
        #expect(text.contains("![cell 1/1, cell 1/2, cell 1/30, no cell](figure7.png)"))
        #expect(text.contains("| patches of validation | ×24 |\n"))
        #expect(text.contains("\n| cell 1/30 | ") && !text.contains("Not trained"))
        // Five panels of 12·30 pixels in two rows of three.
        let sheet = try Image<UInt8>.read(from: "\(folder)/out/figure7.png")
        #expect(sheet.width == 3 * 360 + 2 * 8 && sheet.height == 2 * (360 + 28))
    }

    /// Faces from originals alone, and a module of one scale that a figure shows at another.
    @Test func figure6ShowsWhatFacesTrain() throws {
        try withTemporaryFolder { folder in
            var reproduction = try reproduction(folder)
            reproduction.siren.iterations = 5
            try makeFolder("\(folder)/data/faces256")
            for index in 0..<204 {
                try picture(height: 20, width: 20, phase: index).write(
                    to: "\(folder)/data/faces256/\(1000 + index).png")
            }
            let runs = try reproduction.plan([.figure6]).runs
            #expect(runs.map(\.name) == ["celebahq-32-256-modules", "celebahq-32-256-liif"])
            for run in runs {
                try reproduction.trainer(of: run).run { _ in }
                let folder = "\(folder)/models/small/\(run.name)"
                #expect(FileManager.default.fileExists(atPath: "\(folder)/best.safetensors"))
            }
            reproduction.picture = "\(folder)/data/train/0.png"
            #expect(!(try reproduction.report(.figure6)).contains("Not trained"))
            let sheet = try Image<UInt8>.read(from: "\(folder)/out/figure6.png")
            #expect(sheet.width == 3 * 320 + 2 * 8 && sheet.height == 2 * (320 + 28))
        }
    }

    @Test func whatIsNotTrainedIsNamed() throws {
        try withTemporaryFolder { folder in
            let text = try reproduction(folder).report(.table3)
            #expect(text.contains("| Bicubic | "))
            #expect(
                text.contains("| EDSR-baseline-LIIF (-c) (Table 3) | ") && !text.contains("LIIF (-c) | 3"))
            #expect(
                text.contains(
                    "- EDSR-baseline-LIIF above EDSR-baseline-LIIF (-c) at ×2, ×3, ×4, ×6: not measured.\n"))
            #expect(
                text.contains(
                    "- `edsr-baseline-liif-e`: not trained; `liif train` it, or run without --no-train\n"))
        }
    }

    @Test func releasedCheckpointsStandForThePapersRuns() throws {
        try withTemporaryFolder { folder in
            let small = try reproduction(folder)
            try makeFolder("\(folder)/models")
            try Data().write(to: URL(fileURLWithPath: "\(folder)/models/edsr-baseline-liif.pth"))
            let paper = try Reproduction(small.folders, budget: .paper)
            let runs = try paper.plan([.table1]).runs
            #expect(runs.filter(\.isComplete).map(\.name) == ["edsr-baseline-liif"])
            #expect(runs.map(\.name).contains("rdn-metasr"))
            #expect(try small.plan([.table1]).runs.allSatisfy { !$0.isComplete })
        }
    }

    @Test func foldersWithoutPicturesAreNamed() throws {
        try withTemporaryFolder { folder in
            #expect(throws: ReproductionError.noData(folder)) {
                _ = try Reproduction(
                    .init(data: folder, models: "m", recipes: recipesFolder, output: "o"), budget: tiny)
            }
            try makeFolder("\(folder)/train")
            let reproduction = try Reproduction(
                .init(data: folder, models: "\(folder)/m", recipes: folder, output: "\(folder)/o"),
                budget: tiny)
            #expect(throws: ReproductionError.noPictures(experiment: "table2", folder: folder)) {
                _ = try reproduction.report(.table2)
            }
            #expect(throws: ReproductionError.noPictures(experiment: "table2", folder: folder)) {
                _ = try reproduction.open([.table2])
            }
            #expect(throws: ReproductionError.noRecipe(folder: folder, name: "edsr-baseline-liif")) {
                _ = try reproduction.plan([.table4])
            }
        }
    }
}
