import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import Testing

/// The models that Recipes/*.yaml name.
@Suite struct RecipeModelTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Recipes")

    static func network(_ path: String) throws -> LIIFNetwork {
        LIIFNetwork(try ModelConfiguration(try TrainingRecipe(contentsOf: path).modelSection))
    }

    @Test func everyRecipesModelCanBeMade() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("evaluate-") }
        #expect(names.count >= 17)
        for name in names {
            #expect(try Self.network(Self.folder.appendingPathComponent(name).path).parameters.count > 0)
        }
    }

    /// Oracle: the released models' counts.
    @Test(arguments: [
        ("edsr-baseline-liif", 1_567_299), ("edsr-baseline-liif-c", 1_566_787),
        ("edsr-baseline-liif-u", 1_436_227), ("edsr-baseline-liif-e", 1_567_299),
        ("edsr-baseline-liif-d", 1_435_715), ("edsr-baseline-liif-x2", 1_567_299),
        ("edsr-baseline-metasr", 1_665_536), ("edsr-baseline-x2", 1_369_859),
        ("edsr-baseline-x3", 1_554_499), ("edsr-baseline-x4", 1_517_571), ("rdn-liif", 22_320_835),
        ("rdn-metasr", 22_419_072), ("rdn-x2", 22_123_395), ("rdn-x3", 22_308_035), ("rdn-x4", 22_271_107),
    ]) func theRowsHaveThePapersParameters(_ name: String, count: Int) throws {
        let path = Self.folder.appendingPathComponent("\(name).yaml").path
        #expect(try Self.network(path).parameters.count == count)
    }
}
