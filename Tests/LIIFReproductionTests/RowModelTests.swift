import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFReproduction
import LIIFTraining
import TestSupport
import Testing

/// A row is measured with a model of its own method alone, whatever its file is called.
@Suite struct RowModelTests {
    private func configuration(_ name: String, _ budget: Budget = .paper) throws -> ModelConfiguration {
        let recipe = try TrainingRecipe(contentsOf: "\(recipesFolder)/\(name).yaml")
        return try ModelConfiguration(budget.applied(to: recipe).modelSection)
    }

    @Test func everyMethodIsToldFromTheOthers() throws {
        let names = [
            "edsr-baseline-liif", "edsr-baseline-liif-c", "edsr-baseline-liif-u", "edsr-baseline-liif-e",
            "edsr-baseline-liif-d", "edsr-baseline-metasr", "edsr-baseline-x2", "edsr-baseline-x3",
            "rdn-liif", "rdn-metasr", "rdn-x2",
        ]
        let paper = try names.map { try configuration($0) }
        let small = try names.prefix(8).map { try configuration($0, .small(SmallBudget())) }
        let all = paper + small
        for (i, one) in all.enumerated() {
            for (k, other) in all.enumerated() { #expect(one.isOfTheMethod(of: other) == (i == k)) }
        }
        #expect(Set(all.map(\.summary)).count == all.count)
    }

    @Test func theInputSkipAndTheCellsLimitMakeNoOtherMethod() throws {
        var liif = LIIFConfiguration()
        (liif.inputSkip, liif.greatestCellScale) = (true, 4)
        #expect(try ModelConfiguration.liif(liif).isOfTheMethod(of: configuration("edsr-baseline-liif")))
        #expect(try configuration("edsr-baseline-liif").isOfTheMethod(of: .liif(liif)))
        let metaSR = ModelConfiguration.metaSR(MetaSRConfiguration(inputSkip: true))
        #expect(try metaSR.isOfTheMethod(of: configuration("edsr-baseline-metasr")))
        let module = ModelConfiguration.upsampling(UpsamplingConfiguration(scale: 2, inputSkip: true))
        #expect(try module.isOfTheMethod(of: configuration("edsr-baseline-x2")))
    }

    /// At the paper's budget, with one small picture to measure on.
    private func reproduction(_ folder: String) throws -> Reproduction {
        for name in ["data/validation", "models"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        var picture = Image<UInt8>(width: 96, height: 90, channels: 3)
        for i in picture.samples.indices { picture.samples[i] = UInt8(truncatingIfNeeded: i / 3) }
        try picture.write(to: "\(folder)/data/validation/a.png")
        return try Reproduction(
            .init(
                data: "\(folder)/data", models: "\(folder)/models", recipes: recipesFolder,
                output: "\(folder)/out"), budget: .paper)
    }

    /// The embedded model, an EDSR-baseline-LIIF, under a recipe's name.
    private func place(_ name: String, in folder: String) throws -> String {
        let path = "\(folder)/models/\(name).safetensors"
        try Data(LIIFModel.defaultFile).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A run that was begun is not where a model comes from that stands beside its folder.
    @Test func aModelBesideAnUnfinishedRunIsTrainedElsewhere() throws {
        try withTemporaryFolder { folder in
            let reproduction = try reproduction(folder)
            let run = "\(folder)/models/edsr-baseline-liif"
            try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: false)
            try Data(#"{"iteration": 10, "mean_loss": 0.1, "learning_rate": 1e-4}"#.utf8)
                .write(to: URL(fileURLWithPath: "\(run)/log.jsonl"))
            _ = try place("edsr-baseline-liif", in: folder)
            let text = try reproduction.report(.table4)
            #expect(text.contains("\n- `edsr-baseline-liif`: trained elsewhere\n"))
        }
    }

    @Test func aMisnamedModelIsRefused() throws {
        try withTemporaryFolder { folder in
            let reproduction = try reproduction(folder)
            _ = try place("edsr-baseline-liif", in: folder)
            let table = try reproduction.report(.table4)
            #expect(table.contains("\n| EDSR-baseline-LIIF | "))
            #expect(
                table.contains(
                    "- `edsr-baseline-liif-x2`: not trained; `liif train` it, or run with --train\n"))

            let error = ReproductionError.otherModel(
                try place("rdn-liif", in: folder), recipe: "rdn-liif",
                found: try LIIFModel.default().configuration.summary,
                expected: try configuration("rdn-liif").summary)
            #expect(throws: error) { _ = try reproduction.report(.table1) }
            #expect(
                error.description.hasPrefix(
                    "\(folder)/models/rdn-liif.safetensors: a model of another kind: EDSR-baseline, 16 "))
            #expect(
                error.description.contains("; expected that of the recipe rdn-liif: RDN, 16 dense blocks"))
        }
    }
}
