import Imaging
import LIIF
import RecipeFormat
import Testing

/// `cell_scale_max`: pixels that are smaller than any in training are told as the smallest of training.
@Suite struct CellLimitTests {
    private func limited(_ change: (inout LIIFConfiguration) -> Void = { _ in }) -> LIIFConfiguration {
        var configuration = LIIFConfiguration.tiny
        configuration.greatestCellScale = 4
        change(&configuration)
        return configuration
    }

    /// 24 × 32 pixels at up to ×4 in one axis, or beyond: what an unlimited model makes of the cell that is expected.
    @Test(arguments: InferencePrecision.supported, [(192, 256), (193, 300), (192, 64), (30, 640)])
    func smallerPixelsAreToldAsTheSmallest(_ precision: InferencePrecision, _ size: (Int, Int)) throws {
        let input = try Fixture.input()
        let told = Cell(ofImageHeight: min(size.0, 4 * 24), width: min(size.1, 4 * 32))
        let image = try LIIFModel.random(limited()).encode(input, precision: precision)
        let free = try LIIFModel.random(.tiny).encode(input, precision: precision)
        let picture = try image.rendered(height: size.0, width: size.1)
        #expect(try picture == free.rendered(height: size.0, width: size.1, cell: told))
        let unlimited = try free.rendered(height: size.0, width: size.1)
        #expect(picture != unlimited)
        // What is asked for has no limit.
        let asked = Cell(ofImageHeight: size.0, width: size.1)
        #expect(try image.rendered(height: size.0, width: size.1, cell: asked) == unlimited)
    }

    @Test(arguments: InferencePrecision.supported, [(96, 128), (40, 50), (12, 9)])
    func upToTheScaleNothingChanges(_ precision: InferencePrecision, _ size: (Int, Int)) throws {
        let input = try Fixture.input()
        let image = try LIIFModel.random(limited()).encode(input, precision: precision)
        let free = try LIIFModel.random(.tiny).encode(input, precision: precision)
        #expect(
            try image.rendered(height: size.0, width: size.1)
                == free.rendered(height: size.0, width: size.1))
    }

    @Test(
        arguments: [
            ("0.5", "true", "cell_scale_max: found 0.5, expected a scale of 1 to 1024"),
            ("four", "true", "cell_scale_max: found the text 'four', expected a scale of 1 to 1024"),
            ("4", "false", "cell_scale_max: found 4, expected none where cell_decode is false"),
        ])
    func nonsenseIsRefused(_ scale: String, _ cells: String, _ message: String) throws {
        let recipe = try RecipeMapping(
            yaml: """
                name: liif
                args:
                  encoder_spec: {name: edsr-baseline, args: {no_upsampling: true}}
                  imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: [16]}}
                  cell_decode: \(cells)
                  cell_scale_max: \(scale)
                """, file: "r.yaml")
        let error = #expect(throws: RecipeError.self) {
            try ModelConfiguration(RecipeSection(recipe, at: .init(file: "r.yaml", keyPath: "model")))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
