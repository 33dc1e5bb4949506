import ArgumentParser
import Files
import Foundation
import LIIF
import NeuralNetwork
import ONNXFiles
import TensorFiles
import Tensors

/// `liif convert`
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Write a model in another format: .safetensors, .pth (PyTorch) or .onnx. Also called `export`.",
        discussion: """
            A .pth is laid out as the paper's released code saves a model: torch.load(…, weights_only=True) reads it, \
            and the released classes take its weights. An .onnx (opset 13, float32, any size) comes in three: OUT.onnx \
            turns a picture and a size into pixels; OUT-encoder.onnx turns a picture into features, and \
            OUT-decoder.onnx features, coordinates and cells into colours, as many at a time as the memory holds. An \
            optimizer's state is left out.

            Examples:
              liif convert runs/table1/best.safetensors edsr-baseline-liif.pth
              liif convert default liif.onnx
              liif convert runs/default/best.safetensors small.safetensors --half
              liif convert default mean.safetensors --average-with other.safetensors
              liif export default --format pth
            """,
        aliases: ["export"])

    @Argument(
        help: ArgumentHelp(
            "A file of weights, the name of a model (`liif models`), or 'default' for the embedded one.",
            valueName: "model"))
    var model: String

    @Argument(
        help: ArgumentHelp(
            """
            The file to write, or - for the standard output (default: the model's name with the format's ending, in the \
            current folder).
            """,
            valueName: "output"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "safetensors, pth or onnx (default: what the output's name ends in).", valueName: "format"))
    var format: Format?

    @Option(
        help: ArgumentHelp(
            "Of an ONNX model write only this part: whole, encoder or decoder (default: all three).",
            valueName: "part"),
        transform: { text in
            if let part = ONNXPart(rawValue: text) { return part }
            throw ValidationError("expected \(ONNXPart.allCases.map(\.rawValue).joined(separator: ", ")).")
        })
    var part: ONNXPart?

    @Flag(
        help: """
            Store the weights of a .safetensors file as float16, in half the space. Every weight is rounded, to 11 bits.
            """)
    var half = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            """
            Write the mean of the model's parameters and those of these models, which must be of the same kind: stochastic \
            weight averaging, for ends of runs that began with one another (default: none).
            """, valueName: "model"),
        completion: .file(extensions: ["safetensors", "onnx", "pth"]))
    var averageWith: [String] = []

    @OptionGroup var folderOptions: ModelFolderOptions

    /// What can be written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case safetensors, pth, onnx

        /// By the ending of a file's name, nil when it says nothing.
        init?(file: String) {
            guard let found = Self.allCases.first(where: { file.hasSuffix(".\($0.rawValue)") }) else {
                return nil
            }
            self = found
        }
    }

    func validate() throws {
        let named = output.flatMap { Format(file: $0) }
        guard let format = format ?? named else {
            throw ValidationError(
                output.map {
                    "\($0): the name does not say a format; end it in .safetensors, .pth or .onnx, or give --format."
                } ?? "Name the file to write, or give --format.")
        }
        if let named, named != format, let output {
            throw ValidationError(
                "\(output): the name says \(named.rawValue), and --format \(format.rawValue).")
        }
        guard !half || format == .safetensors else {
            throw ValidationError("--half is for .safetensors; the other formats hold float32.")
        }
        guard part == nil || format == .onnx else {
            throw ValidationError("--part belongs to ONNX; a \(format.rawValue) file holds the whole model.")
        }
        guard output != "-" || format != .onnx || part != nil else {
            throw ValidationError(
                "ONNX comes in three files, and the standard output takes one; give --part.")
        }
    }

    func run() throws {
        let reference = try folderOptions.folder.resolve(model)
        let format = format ?? output.flatMap { Format(file: $0) }!
        let others = try averageWith.map { try folderOptions.folder.resolve($0) }
        let isStreamed = output == "-"
        if isStreamed { try StandardStreams.checkOutput() }
        let outputs = outputs(of: format)
        for (path, _) in outputs {
            for model in [reference] + others { try refuseToReplace(model, by: path) }
            // Before the first of several is written.
            _ = try Destination(path)
        }
        let source = try mean(of: reference.read(), and: others)
        if half { try checkRange(of: source) }
        for (path, part) in outputs {
            switch format {
            case .safetensors: try source.safetensors(storedAs: half ? .float16 : .float32).write(to: path)
            case .pth: try source.writeReleasedCheckpoint(to: path)
            case .onnx: try source.writeONNX(part, to: path)
            }
            if isStreamed { try StandardStreams.writeOutput(path) } else { print(path) }
        }
        if format == .pth {
            warn(
                of: source.settingsUnknownToTheRelease,
                in: isStreamed ? "the standard output" : outputs[0].path)
        }
    }

    /// Refuses weights that float16 would make infinite.
    private func checkRange(of model: LIIFModel) throws {
        // Halfway from the greatest number, 65504, to what would be the next.
        let entry = model.layout.entries.first {
            model.values(of: $0).values.contains { $0.magnitude >= 65520 }
        }
        guard let entry else { return }
        throw ValidationError("--half: \(entry.name) holds numbers beyond 65504, the greatest of float16.")
    }

    private func mean(of model: LIIFModel, and others: [ModelReference]) throws -> LIIFModel {
        guard !others.isEmpty else { return model }
        let others = try others.map { try $0.read() }
        if let unlike = others.firstIndex(where: { !model.isOfTheKind(of: $0) }) {
            throw ValidationError(
                "--average-with \(averageWith[unlike]): is a model of another kind than \(self.model); `liif info` shows the two."
            )
        }
        return model.averaged(with: others)
    }

    private func outputs(of format: Format) -> [(path: String, part: ONNXPart)] {
        let path =
            output == "-"
            ? StandardStreams.temporaryOutput(format.rawValue) : output ?? "\(stem).\(format.rawValue)"
        if let part { return [(path, part)] }
        guard format == .onnx else { return [(path, .whole)] }
        let base = path.hasSuffix(".onnx") ? String(path.dropLast(".onnx".count)) : path
        return [
            (path, .whole), ("\(base)-encoder.onnx", .encoder), ("\(base)-decoder.onnx", .decoder),
        ]
    }

    /// The model's name without folder and ending.
    private var stem: String {
        let name = PathName.fileName(of: model)
        return ModelFolder.stem(of: name) ?? name
    }

    private func refuseToReplace(_ reference: ModelReference, by path: String) throws {
        guard case .file(let file) = reference else { return }
        guard !FileIdentity.isSame(file, path) else {
            throw ValidationError("\(path): is the model itself; name another file to write.")
        }
    }

    private func warn(of settings: [String], in path: String) {
        guard !settings.isEmpty else { return }
        say(
            "Note: \(path) names \(settings.joined(separator: ", ")), which the released classes do not know: PyTorch reads "
                + "the file, and they refuse it. liif reads it back.\n")
    }
}
