import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

@Suite struct ReproduceTests {
    /// The repository's recipes.
    private let recipes = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Recipes").path

    @Test func wrongFoldersAndNames() throws {
        try withTemporaryFolder { folder in
            try expectFailure(
                "reproduce", "table2", "--data", "none", "--models", "models", status: 1,
                error: """
                    none: there are no pictures as expected: either load/div2k, load/benchmark and load/celebAHQ, as \
                    the released code has them, or train, validation, benchmark and faces256.
                    """, in: folder)
            try FileManager.default.createDirectory(
                atPath: folder + "/train", withIntermediateDirectories: true)
            try expectFailure(
                "reproduce", "table1", "--data", ".", "--models", "models", status: 1,
                error:
                    "Recipes: there is no recipe edsr-baseline-x2.yaml in it; expected this project's folder "
                    + "Recipes.", in: folder)
            let outcome = try liif(["reproduce", "table9", "--data", ".", "--models", "m"], in: folder)
            #expect(outcome.status == 64 && outcome.errors.contains("table9"))
            #expect(outcome.errors.contains("table1") && outcome.errors.contains("figure7"))
        }
    }

    @Test func table2NeedsNoTraining() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/benchmark/Set5/HR", withIntermediateDirectories: true)
            try testPicture(width: 40, height: 32).write(to: folder + "/benchmark/Set5/HR/a.png")
            let arguments = [
                "reproduce", "table2", "--data", ".", "--models", "m", "--recipes", recipes, "--budget",
                "small", "-o", "out",
            ]
            let plan = try liif(arguments + ["--plan"], in: folder)
            #expect(plan.status == 0 && plan.output == "Nothing needs to be trained.\n")
            let outcome = try liif(arguments, in: folder)
            #expect(outcome.status == 0 && outcome.errors == "")
            #expect(outcome.output.contains("| Set5 | ×2 | ×3 | ×4 | ×6 | ×8 |\n"))
            #expect(outcome.output.contains("\n| the embedded model | "))
            #expect(
                outcome.output.contains("\n| RDN-LIIF (Table 2) | 38.17 | 34.68 | 32.50 | 29.15 | 27.14 |\n"))
            #expect(
                try String(contentsOfFile: folder + "/out/table2.md", encoding: .utf8) + "\n"
                    == outcome.output)
        }
    }

    /// At the paper's budget nothing is begun: the command that would do it is named, and works.
    @Test func thePapersRunsAreNamed() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/validation", withIntermediateDirectories: true)
            try testPicture(width: 95, height: 91).write(to: folder + "/validation/a.png")
            let outcome = try liif(
                ["reproduce", "table4", "--data", ".", "--models", "m", "--recipes", recipes], in: folder)
            #expect(outcome.status == 0)
            #expect(
                outcome.errors.hasPrefix(
                    "not trained: liif train m/edsr-baseline-liif/recipe.yaml --folder m/edsr-baseline-liif "
                        + "--data-root . --resume\n"))
            #expect(outcome.output.contains("- `edsr-baseline-liif-x2`: not trained"))
            let files = try contents(of: folder)
            #expect(files["m/edsr-baseline-liif/recipe.yaml"] != nil)
            #expect(files["m/edsr-baseline-liif/last.safetensors"] == nil)
        }
    }
}
