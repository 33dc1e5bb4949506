import Foundation
import Imaging
import LIIF
import LIIFTraining
import TensorFiles
import Testing

/// What the recipe of a resumed run may say otherwise.
@Suite struct ResumedRecipeTests {
    @Test func theSameModelInOtherWords() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(), in: "run", limit: 1)
        let model = """
            {name: liif, args: {local_ensemble: true, \
            imnet_spec: {name: mlp, args: {hidden_list: [16, 16], out_dim: 3}}, \
            encoder_spec: {name: edsr, args: {no_upsampling: true, res_scale: 1, n_feats: 8, n_resblocks: 1}}}}
            """
        let reports = try run.train(run.recipe(model: model), in: "run", limit: 2, resume: true)
        #expect(reports.map(\.iteration) == [2])
    }

    /// They have done their work; the file still says which they were.
    @Test func otherInitialWeights() throws {
        let run = try TrainingRun()
        try run.train(run.recipe(epochs: 1), in: "first")
        let path = "\(run.folder("first"))/model.safetensors"
        try run.train(run.recipe("initial_weights: \(path)"), in: "run", limit: 1)
        for (other, limit) in [("initial_weights: \(run.root)/./first/model.safetensors", 2), ("", 3)] {
            try run.train(run.recipe(other), in: "run", limit: limit, resume: true)
            let model = try LIIFModel(contentsOf: "\(run.folder("run"))/last.safetensors")
            #expect(model.origin["begun with"] == path)
        }
    }

    @Test func anotherProtocolHasAnotherBest() throws {
        let run = try TrainingRun()
        var recipe = try run.recipe()
        recipe.validationData?.wrapper = .downsampled(
            inputPatchSize: nil, scale: 2...2, augmentation: AugmentationRecipe(), samplesPerImage: nil)
        try run.train(recipe, in: "run", limit: 3)
        func state() throws -> String { try #require(try run.checkpoint("run").metadata["training.state"]) }
        var file = try run.checkpoint("run")
        file.metadata["training.state"] = try state().replacing(
            /"best_psnr": [0-9.]+/, with: "\"best_psnr\": 99.5")
        try file.write(to: "\(run.folder("run"))/last.safetensors")
        try run.train(recipe, in: "run", limit: 4, resume: true)
        #expect(try state().contains("99.5"))
        recipe.validationProtocol = .benchmark(scale: 2)
        try run.train(recipe, in: "run", limit: 5, resume: true)
        #expect(try !state().contains("99.5"))
    }

    /// The order of the samples depends on their number.
    @Test func anotherNumberOfPicturesIsToldOfOnce() throws {
        let run = try TrainingRun()
        let recipe = try run.recipe(validation: false)
        try run.train(recipe, in: "run", limit: 1)
        func notes() throws -> [String] {
            try Trainer(recipe, folder: run.folder("run"), resume: true).notes
        }
        #expect(try notes() == [])
        try run.pictures.add(Image<UInt8>(width: 24, height: 20, channels: 3), as: "data-4.png")
        let path = "\(run.folder("run"))/last.safetensors"
        #expect(
            try notes() == [
                "\(path): an epoch had 12 samples and now has 15; from here on their order is another."
            ])
        try run.train(recipe, in: "run", limit: 2, resume: true)
        #expect(try notes() == [])
    }
}
