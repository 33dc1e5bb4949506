import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

@Suite struct ReproduceTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    /// The repository's recipes.
    private var recipes: String { root + "/Recipes" }

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
                "reproduce", "table1", "--data", ".", "--models", "models", "--recipes", "train", status: 1,
                error:
                    "train: there is no recipe edsr-baseline-x2.yaml in it; expected this project's folder "
                    + "Recipes.", in: folder)
            let prefix = URL(fileURLWithPath: Program.path).resolvingSymlinksInPath()
                .deletingLastPathComponent().deletingLastPathComponent().path
            try expectFailure(
                "reproduce", "table1", "--data", ".", "--models", "models", status: 1,
                error:
                    "There are no recipes, neither in Recipes here nor in \(prefix)/share/liif/Recipes; name this "
                    + "project's folder Recipes with --recipes.", in: folder)
            let outcome = try liif(["reproduce", "table9", "--data", ".", "--models", "m"], in: folder)
            #expect(outcome.status == 64 && outcome.errors.contains("table9"))
            #expect(outcome.errors.contains("table1") && outcome.errors.contains("figure7"))
        }
    }

    /// Not `/`, where `"$folder"` of a script that has not set it would lead.
    @Test(arguments: ["data", "models", "recipes", "output"])
    func anEmptyNameIsNotTheRoot(option: String) throws {
        try withTemporaryFolder { folder in
            let others = ["data", "models"].filter { $0 != option }.flatMap { ["--\($0)", "none"] }
            let outcome = try liif(["reproduce", "table2", "--\(option)", ""] + others, in: folder)
            #expect(outcome.status == 64 && outcome.output == "")
            #expect(outcome.errors.hasPrefix("Error: --\(option): the name is empty; name a folder.\n"))
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
            #expect(
                outcome.output.contains(
                    "- `edsr-baseline-liif-x2`: not trained; `liif train` it, or run with --train\n"))
            let files = try contents(of: folder)
            #expect(files["m/edsr-baseline-liif/recipe.yaml"] != nil)
            #expect(files["m/edsr-baseline-liif/last.safetensors"] == nil)
        }
    }

    /// Not after hours of training.
    @Test func aMissingPictureIsNoticedAtOnce() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/validation", withIntermediateDirectories: true)
            try expectFailure(
                "reproduce", "figure5", "--data", ".", "--models", "m", "--recipes", recipes, "--picture",
                "none.png", status: 1, error: "none.png: there is no such file.", in: folder)
        }
    }

    /// The figure's own, which an installed program does not have: in the current folder, or beside the recipes.
    @Test func aFigureWithoutItsPictureIsNoticedAtOnce() throws {
        try withTemporaryFolder { folder in
            let manager = FileManager.default
            for name in ["validation", "share/Examples"] {
                try manager.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            try manager.copyItem(atPath: recipes, toPath: folder + "/share/Recipes")
            func expectError(_ error: String) throws {
                try expectFailure(
                    "reproduce", "figure5", "--data", ".", "--models", "m", "--recipes", "share/Recipes",
                    "--budget", "small", status: 1, error: error, in: folder)
            }
            try expectError(
                "figure5: its own picture, Examples/coffee.png, comes with this project's source and is neither here "
                    + "nor beside the recipes; name another with --picture.")
            try testPicture(width: 100, height: 110).write(to: folder + "/share/Examples/coffee.png")
            try expectError(
                "share/Recipes/../Examples/coffee.png is 100×110 pixels; the figure needs at least 128×128.")
        }
    }

    /// Beside a program that was installed, and those of the current folder before them.
    @Test func installedRecipesAreFound() throws {
        try withTemporaryFolder { folder in
            let manager = FileManager.default
            for name in ["bin", "work/validation"] {
                try manager.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            try manager.copyItem(atPath: Program.path, toPath: folder + "/bin/liif")
            let made = try runScript(
                "'\(root)/Scripts/install-extras' '\(Program.path)' '\(folder)'", in: folder)
            #expect(made.status == 0)
            let installed = try manager.contentsOfDirectory(atPath: folder + "/share/liif/Recipes")
            #expect(try installed.sorted() == manager.contentsOfDirectory(atPath: recipes).sorted())

            try testPicture(width: 95, height: 91).write(to: folder + "/work/validation/a.png")
            let command = "../bin/liif reproduce table4 --data . --models m"
            let outcome = try runScript(command, in: folder + "/work")
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output.contains("not trained: liif train m/edsr-baseline-liif/recipe.yaml "))
            try manager.createDirectory(
                atPath: folder + "/work/Recipes", withIntermediateDirectories: false)
            let local = try runScript(command, in: folder + "/work")
            #expect(
                local.output.contains("Error: Recipes: there is no recipe edsr-baseline-liif.yaml in it;"))
        }
    }
}
