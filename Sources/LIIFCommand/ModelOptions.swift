import ArgumentParser
import Files
import LIIF
import Tensors

/// Which model, and how it computes.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A trained model: a .safetensors or .onnx file that liif wrote, a PyTorch .pth of the released code, or the \
            name of one that `liif models` lists (default: the model that lies in the program).
            """, valueName: "model"),
        completion: .file(extensions: ["safetensors", "onnx", "pth"]))
    var model: String?

    @OptionGroup var folderOptions: ModelFolderOptions

    @Option(
        help: ArgumentHelp(
            """
            float32, bfloat16 (faster, less exact; float32 on a processor without it), int16 (16-bit integers in the decoder, \
            faster where the processor has AVX2 and no more), int8 (8-bit integers in the decoder, fastest where the \
            processor has VNNI), or auto: the fastest that the processor has, which also takes the place of integers that it \
            lacks.
            """,
            valueName: "format"))
    var precision = PrecisionChoice.auto

    /// What provenance calls the model.
    var name: String { model.map { PathName.fileName(of: $0) } ?? ModelReference.embeddedName }

    /// Reads the model.
    func open() throws -> LIIFModel {
        try model.map { try folderOptions.folder.resolve($0).read() } ?? LIIFModel.default()
    }
}

/// `--precision`
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
    case float32, bfloat16, int16, int8, auto

    /// The choice, or what the processor has in its place.
    var precision: InferencePrecision {
        guard let choice = InferencePrecision(rawValue: rawValue) else { return .fastest }
        if choice.isSupported { return choice }
        return choice == .bfloat16 ? .float32 : .fastest
    }
}
