import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

@Suite struct TrainingAndEvaluationTests {
    /// A recipe of a few small iterations on the folder `photos`.
    private let recipe = """
        train_dataset:
          dataset: {name: image-folder, args: {root_path: photos, repeat: 4}}
          wrapper: {name: sr-implicit-downsampled, args: {inp_size: 8, scale_max: 2, sample_q: 16}}
          batch_size: 2
        model:
          name: liif
          args:
            encoder_spec: {name: edsr, args: {n_resblocks: 1, n_feats: 4, no_upsampling: true}}
            imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: [8]}}
        optimizer: {name: adam, args: {lr: 1.e-4}}
        iterations_per_epoch: 3
        epoch_max: 2
        """

    private func withPhotos(_ body: (String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/photos", withIntermediateDirectories: false)
            try testPicture(width: 40, height: 32).write(to: folder + "/photos/a.png")
            try write(recipe, to: folder + "/recipe.yaml")
            try body(folder)
        }
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test func aRecipeTrainsAModelThatCanBeUsed() throws {
        try withPhotos { folder in
            #expect(try liif(["train", "recipe.yaml", "--folder", "run"], in: folder).status == 0)
            let info = try liif(["info", "run/last.safetensors"], in: folder)
            #expect(info.output.contains("checkpoint          iteration 6\n"))
            // A mean is no checkpoint.
            let mean = ["convert", "run/last.safetensors", "mean.safetensors", "--average-with"]
            #expect(try liif(mean + ["run/model.safetensors"], in: folder).status == 0)
            let meanInfo = try liif(["info", "mean.safetensors"], in: folder)
            #expect(meanInfo.status == 0 && !meanInfo.output.contains("checkpoint"))
            try FileManager.default.copyItem(
                atPath: folder + "/run/log.jsonl", toPath: folder + "/run/log.svg")
            try expectFailure(
                "curve", "run/log.svg", "-o", "run/log.svg", status: 64,
                error: "run/log.svg is the input itself; choose another name for the output.", in: folder)
            let upscale = ["upscale", "photos/a.png", "-o", "out.png", "--scale", "2"]
            #expect(try liif(upscale + ["--model", "run/last.safetensors"], in: folder).status == 0)
            #expect(try ImageFile.source(at: folder + "/out.png").info.width == 80)
        }
    }

    /// Not `/`, where `"$folder"` of a script that has not set it would lead; nor are pictures looked for there.
    @Test func anEmptyNameIsNotTheRoot() throws {
        try withPhotos { folder in
            try expectFailure(
                "train", "none.yaml", "--folder", "", status: 64,
                error: "--folder: the name is empty; name a folder, or leave --folder out.", in: folder)
            let here = ["train", "recipe.yaml", "--folder", "run", "--data-root", "", "--iterations", "1"]
            #expect(try liif(here, in: folder).status == 0)
        }
    }

    /// Each has its folder: what follows its name's first dot is a part of it.
    @Test func aRunIsNamedAfterItsRecipe() throws {
        try withPhotos { folder in
            try write(recipe, to: folder + "/recipe.v2.yaml")
            #expect(try liif(["train", "recipe.v2.yaml", "--iterations", "1"], in: folder).status == 0)
            let files = try contents(of: folder + "/save")
            #expect(files["recipe.v2/last.safetensors"] != nil && files["recipe"] == nil)
        }
    }

    /// A signal in the midst of writing leaves no temporary file. Checkpoints are written all the time here, and
    /// many runs are ended at different moments.
    @Test func aKilledTrainingLeavesNoTemporaryFile() throws {
        try withPhotos { folder in
            let quick = recipe.replacingOccurrences(
                of: "iterations_per_epoch: 3", with: "iterations_per_epoch: 1"
            )
            .replacingOccurrences(of: "epoch_max: 2", with: "epoch_max: 100000\nepoch_save: 1")
            try write(quick, to: folder + "/quick.yaml")
            for attempt in 0..<8 {
                let process = Program.process(
                    ["train", "quick.yaml", "--folder", "run\(attempt)"], in: folder)
                process.standardError = FileHandle.nullDevice
                try process.run()
                // Whatever happens, it does not go on behind the tests.
                defer { process.terminate() }
                let deadline = ContinuousClock.now + .seconds(30)
                while !FileManager.default.fileExists(atPath: folder + "/run\(attempt)/epoch-1.safetensors"),
                    process.isRunning,
                    .now < deadline
                { usleep(2000) }
                usleep(UInt32(attempt) * 3100)
                process.terminate()
                // The first signal lets the iteration and its checkpoint end, a second one does not.
                if attempt % 4 != 0 {
                    usleep(UInt32(attempt) * 900)
                    process.terminate()
                }
                process.waitUntilExit()
                #expect(process.terminationReason == .exit && process.terminationStatus == 143)
                #expect(try contents(of: folder).keys.filter { $0.hasSuffix(".partial") }.isEmpty)
            }
        }
    }

    @Test func wrongRecipes() throws {
        try withPhotos { folder in
            try write(
                recipe.replacingOccurrences(of: "epoch_max", with: "epochs_max"), to: folder + "/key.yaml")
            try write(
                recipe.replacingOccurrences(of: "lr: 1.e-4}", with: "lr: [1.e-4}"),
                to: folder + "/broken.yaml")
            let key = try liif(["train", "key.yaml"], in: folder)
            #expect(key.status == 1)
            #expect(
                key.errors.hasPrefix(
                    "Error: key.yaml:12: unknown key 'epochs_max'. Did you mean 'epoch_max'?"))
            try expectFailure(
                "train", "broken.yaml", status: 1,
                error:
                    "broken.yaml:10:42: not valid YAML: did not find expected ',' or ']' while parsing a flow "
                    + "sequence that began on line 10.", in: folder)
            let missing = try liif(["train", "none.yaml"], in: folder)
            #expect(missing.status == 1 && missing.errors.hasPrefix("Error: none.yaml"))
            #expect(try contents(of: folder)["save"] == nil)
        }
    }

    @Test func aBrokenPictureInTheFolderIsNamed() throws {
        try withPhotos { folder in
            try write("no picture", to: folder + "/photos/b.png")
            let error =
                "photos/b.png is not a picture: it does not begin like a PNG, JPEG, TIFF, WebP or JPEG XL file."
            try expectFailure("train", "recipe.yaml", "--folder", "run", status: 1, error: error, in: folder)
            try expectFailure(
                "evaluate", "--set", "photos", "--scales", "2", status: 1, error: error, in: folder)
        }
    }

    @Test func aPictureThatBreaksOffIsNamed() throws {
        try withPhotos { folder in
            let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/photos/a.png"))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder + "/photos/b.png"))
            for arguments in [["train", "recipe.yaml", "--folder", "run"], ["evaluate", "--set", "photos"]] {
                let outcome = try liif(arguments, in: folder)
                #expect(outcome.status == 1 && outcome.output == "")
                #expect(
                    outcome.errors.contains("Error: photos/b.png is a truncated PNG file: it ends after "))
                #expect(try contents(of: folder)["run/last.safetensors"] == nil)
            }
        }
    }

    @Test func aPictureSmallerThanTheCropIsNamed() throws {
        try withPhotos { folder in
            try testPicture(width: 15, height: 40).write(to: folder + "/photos/b.png")
            try expectFailure(
                "train", "recipe.yaml", "--folder", "run", status: 1,
                error:
                    "photos/b.png is 15×40 pixels, too small: a crop for an input of 8 at scale 2.0 needs at least "
                    + "16×16.", in: folder)
            try expectFailure(
                "evaluate", "--set", "photos", "--scales", "2,8", status: 1,
                error:
                    "photos/b.png is 15×40 pixels, too small to measure at scale ×8: the protocol leaves out 8 "
                    + "pixels at each side.", in: folder)
        }
    }

    @Test func evaluationPrintsATableOrJSON() throws {
        try withPhotos { folder in
            let table = try liif(["evaluate", "--set", "photos", "--scales", "2,3"], in: folder)
            #expect(table.status == 0 && table.errors == "")
            let rows = table.output.split(separator: "\n").map(String.init)
            #expect(rows.count == 4)
            #expect(rows.first == "| photos | ×2 | ×3 |")
            #expect(rows.dropFirst(2).map { $0.split(separator: " ")[1] } == ["Bicubic", "LIIF"])
            let json = try liif(["evaluate", "--set", "photos", "--scales", "2,3,2", "--json"], in: folder)
            let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect((object?["results"] as? [Any])?.count == 4)
        }
    }

    /// The recipe in the released schema and the set with the same scale measure the same.
    @Test func aRecipeAndASetAgree() throws {
        try withPhotos { folder in
            try write(
                """
                test_dataset:
                  dataset: {name: image-folder, args: {root_path: photos}}
                  wrapper: {name: sr-implicit-downsampled, args: {scale_min: 5, scale_max: 5}}
                  batch_size: 1
                eval_type: div2k-5
                """, to: folder + "/evaluate.yaml")
            try testPicture(width: 60, height: 55).write(to: folder + "/photos/a.png")
            let set = ["evaluate", "--set", "photos", "--style", "div2k", "--scales", "5"]
            func numbers(_ arguments: [String]) throws -> [Substring] {
                let outcome = try liif(arguments, in: folder)
                #expect(outcome.status == 0, "\(outcome.errors)")
                return outcome.output.split(separator: "\n").dropFirst().map {
                    $0.split(separator: "|").last!
                }
            }
            let (bySet, byRecipe) = (
                try numbers(set), try numbers(["evaluate", "--config", "evaluate.yaml"])
            )
            #expect(bySet.count == 3 && bySet == byRecipe)
        }
    }

    /// Before any work.
    @Test func picturesOfNumbersAreSVG() throws {
        try withTemporaryFolder { folder in
            let error = "c.png: the picture is an SVG; end its name in .svg."
            try expectFailure("curve", "none.jsonl", "-o", "c.png", status: 64, error: error, in: folder)
            try expectFailure("benchmark", "--roofline", "c.png", status: 64, error: error, in: folder)
            try expectFailure(
                "benchmark", "--roofline", "none/c.svg", "--only", "no job", status: 1,
                error: "none/c.svg: cannot be written: its folder does not exist.", in: folder)
            let log = (1...2).map { #"{"iteration": \#($0), "mean_loss": 0.1, "learning_rate": 1e-4}"# }
            try Data(log.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/log.jsonl"))
            #expect(try liif(["curve", "log.jsonl", "-o", "c.SVG"], in: folder).status == 0)
        }
    }

    @Test func aNameThatNoJobHasIsNamedWithItsFormats() throws {
        try withTemporaryFolder { folder in
            try expectFailure(
                "benchmark", "--only", "decoding", "--precision", "float32", status: 64,
                error: "--only decoding: no job in float32 has a name that contains it.", in: folder)
        }
    }

    @Test(arguments: [["--scales", "3,4"], ["--style", "div2k"]])
    func aRecipeNamesItsOwnScaleAndProtocol(option: [String]) throws {
        let outcome = try liif(["evaluate", "--config", "none.yaml"] + option, in: "/tmp")
        #expect(outcome.status == 64 && outcome.output == "")
        #expect(
            outcome.errors.hasPrefix(
                "Error: --scales and --style belong to --set; a recipe names its own scale and protocol.\n"))
    }

    @Test func wrongEvaluations() throws {
        try withPhotos { folder in
            try expectFailure(
                "evaluate", status: 64,
                error: "Give either --set with a folder of pictures or --config with a recipe.", in: folder)
            try expectFailure(
                "evaluate", "--set", "none", status: 1,
                error: "none: there is no such folder; expected a folder of pictures.", in: folder)
            let outcome = try liif(["evaluate", "--set", "photos", "--scales", "2,-1"], in: folder)
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("Error: The value '2,-1' is invalid for '--scales <list>'"))
        }
    }
}
