import Foundation
import Imaging
import LIIFTraining
import RecipeFormat
import TensorFiles
import Tensors
import TestSupport

/// A small training run on generated pictures: 12 samples in batches of 4, so 3 iterations an epoch.
final class TrainingRun {
    let pictures: PictureFolder
    let root: String

    init() throws {
        pictures = try PictureFolder()
        root = pictures.path
        for i in 0..<4 {
            // Smooth, so that there is something to learn.
            var image = Image<UInt8>(width: 24, height: 20, channels: 3)
            for y in 0..<20 {
                for x in 0..<24 {
                    let phase = Double(x) / Double(3 + i) + Double(y) / 4
                    image[y, x, 0] = UInt8(127.5 + 110 * sin(phase))
                    image[y, x, 1] = UInt8(127.5 + 110 * cos(phase))
                    image[y, x, 2] = UInt8(y * 12)
                }
            }
            try pictures.add(image, as: "data-\(i).png")
        }
    }

    func folder(_ name: String) -> String { "\(root)/\(name)" }

    static let plain = "precision: float32"
    static let everything = """
        ema: 0.9
        gradient_clip: 0.5
        schedule: {warmup: 2, cosine: true, floor: 0.1}
        """

    func recipe(
        _ extra: String = "", seed: Int = 1, rate: String = "1.e-3", epochs: Int = 4,
        hidden: String = "[16, 16]", model: String? = nil, inputSize: Int = 8,
        scales: String = "scale_max: 2", validation: Bool = true, optimizer: String = "adam"
    ) throws -> TrainingRecipe {
        func data(_ samples: Int, batch: Int) -> String {
            """
              dataset: {name: image-folder, args: {root_path: \(root), repeat: 3, cache: in_memory}}
              wrapper: {name: sr-implicit-downsampled, args: {inp_size: \(inputSize), \(scales), augment: true, sample_q: \(samples)}}
              batch_size: \(batch)
            """
        }
        let liif = """
            {name: liif, args: {\
            encoder_spec: {name: edsr, args: {n_resblocks: 1, n_feats: 8, res_scale: 1, no_upsampling: true}}, \
            imnet_spec: {name: mlp, args: {out_dim: 3, hidden_list: \(hidden)}}}}
            """
        let text = """
            train_dataset:
            \(data(40, batch: 4))
            \(validation ? "val_dataset:\n\(data(64, batch: 6))" : "")
            data_norm: {inp: {sub: [0.5], div: [0.5]}, gt: {sub: [0.5], div: [0.5]}}
            model: \(model ?? liif)
            optimizer: {name: \(optimizer), args: {lr: \(rate)}}
            epoch_max: \(epochs)
            epoch_val: 1
            seed: \(seed)
            \(extra)
            """
        return try TrainingRecipe(RecipeMapping(yaml: text, file: "test.yaml"), file: "test.yaml")
    }

    /// Runs in a folder to the end or a limit.
    /// - Returns: What `report` was given.
    @discardableResult
    func train(
        _ recipe: TrainingRecipe, in name: String, limit: Int = .max, resume: Bool = false,
        checkpointInterval: Double = 240
    ) throws -> [Trainer.Progress] {
        let trainer = try Trainer(recipe, folder: folder(name), resume: resume)
        trainer.checkpointInterval = checkpointInterval
        var reports: [Trainer.Progress] = []
        try trainer.run(limit: limit) { reports.append($0) }
        return reports
    }

    func checkpoint(_ name: String, file: String = "last") throws -> SafetensorsFile {
        try SafetensorsFile(readingFrom: "\(folder(name))/\(file).safetensors")
    }

    /// The iterations of the log's lines.
    func log(_ name: String) throws -> [Int] {
        try String(contentsOfFile: "\(folder(name))/log.jsonl", encoding: .utf8).split(separator: "\n").map {
            guard let line = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any],
                let iteration = line["iteration"] as? Int
            else { throw CocoaError(.fileReadCorruptFile) }
            return iteration
        }
    }
}
