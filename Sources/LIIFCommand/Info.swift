import ArgumentParser
import Files
import LIIF
import LIIFTraining
import NeuralNetwork

/// `liif info`
struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a model is: architecture, parameters, origin.",
        discussion: """
            Reads what `--model` reads: .safetensors and .onnx files that liif wrote, PyTorch .pth files of the released \
            code, of which nothing is executed, and names that `liif models` lists.

            Examples:
              liif info --default
              liif info runs/table1/last.safetensors --tensors
            """)

    @Argument(help: ArgumentHelp("A file of weights, or a model's name.", valueName: "model"))
    var file: String?

    @OptionGroup var folderOptions: ModelFolderOptions

    @Flag(name: .customLong("default"), help: "The model that lies in the program.")
    var isDefault = false

    @Flag(help: "List the name and shape of every parameter.")
    var tensors = false

    func validate() throws {
        guard isDefault != (file != nil) else {
            throw ValidationError("Name one model: a file of weights, or --default.")
        }
    }

    func run() throws {
        let reference = try file.map { try folderOptions.folder.resolve($0) } ?? .embedded
        let model = try reference.read()
        let lines = description(of: model, size: reference.byteCount)
        // A file's own keys may be longer than ours.
        let column = max(20, (lines.map(\.0.count).max() ?? 0) + 2)
        for (title, value) in lines {
            print(title.padded(to: column) + value)
        }
        guard tensors else { return }
        print("")
        let width = model.layout.entries.map(\.name.count).max() ?? 0
        for entry in model.layout.entries {
            let shape = entry.shape.map(String.init).joined(separator: "×")
            print(entry.name.padded(to: width + 2) + shape)
        }
    }

    private func description(of model: LIIFModel, size: Int) -> [(String, String)] {
        var lines = [
            ("model", file?.escaped ?? "the embedded model"),
            ("size", "\(grouped(size)) bytes"),
            ("parameters", grouped(model.parameterCount)),
            ("encoder", model.configuration.encoder.summary),
        ]
        lines += model.configuration.decoderLines
        lines.append(("normalization", model.normalization.summary))
        if let iteration = model.trainingIteration {
            lines.append(("checkpoint", "iteration \(grouped(iteration))"))
        }
        for (key, value) in model.provenance.sorted(by: { $0.key < $1.key }) {
            lines.append((key.printable, value.printable))
        }
        return lines
    }
}

extension ModelConfiguration {
    fileprivate var decoderLines: [(String, String)] {
        func onOff(_ flag: Bool) -> String { flag ? "on" : "off" }
        let skip = ("input skip", inputSkip ? "bilinear" : "off")
        switch self {
        case .liif(let liif):
            let limit = liif.greatestCellScale.map { ", pixels no smaller than at ×\(shortest($0))" } ?? ""
            let widths = liif.hiddenWidths.map(String.init).joined(separator: ", ")
            return [
                ("decoder", "MLP, hidden layers of \(widths)"),
                ("local ensemble", onOff(liif.localEnsemble)),
                ("feature unfolding", onOff(liif.featureUnfolding)),
                ("cell decoding", onOff(liif.cellDecoding) + limit), skip,
            ]
        case .metaSR(let metaSR):
            return [("decoder", "MetaSR, a hidden layer of \(metaSR.hiddenWidth)"), skip]
        case .upsampling(let upsampling):
            return [("decoder", "up-sampling module, scale \(upsampling.scale) alone"), skip]
        }
    }
}

extension PixelNormalization {
    fileprivate var summary: String {
        func text(_ affine: Affine) -> String { "(v − \(list(affine.subtract))) / \(list(affine.divide))" }
        func list(_ values: [Float]) -> String {
            values.count == 1 ? "\(values[0])" : "(\(values.map { "\($0)" }.joined(separator: ", ")))"
        }
        return input == truth ? text(input) : "input \(text(input)), output \(text(truth))"
    }
}
