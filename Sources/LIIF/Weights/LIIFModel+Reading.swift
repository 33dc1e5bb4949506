import TensorFiles

extension LIIFModel {
    /// Reads a model: a safetensors file that `write(to:)` wrote, or a checkpoint of the released PyTorch
    /// code (`.pth`). Which of them it is, the content says.
    ///
    /// A released checkpoint says nothing of `data_norm`, for every released model has colours from −1 to 1; one of
    /// ours names another. Of one that holds the running mean of the weights beside `model` (`ema`, `model_ema` or
    /// `params_ema`), that mean is read, and `origin["weights"]` says so. What `DataParallel` or `torch.compile` put before
    /// every name (`module.`) is passed over.
    /// Nothing in a checkpoint is executed.
    /// - Throws: `TensorFileError` for a file that cannot be read or is unsound, `ModelFileError` for one
    ///   that does not describe its model or whose weights do not fit, `RecipeError` for a model that this
    ///   version does not know. Each names the file.
    public convenience init(contentsOf path: String) throws {
        switch try TensorFileFormat(detecting: path) {
        case .safetensors:
            // Others' files may have any size: of one that is no model's, the header alone is read.
            _ = try LIIFModel.specification(in: SafetensorsStream(path: path).metadata, named: path)
            try self.init(SafetensorsFile(readingFrom: path), named: path)
        case .torchCheckpoint:
            try self.init(released: TorchCheckpoint.read(path), named: path, prefersAverage: true)
        case .onnx:
            throw TensorFileError.unsupported(
                file: path, what: "an ONNX file",
                remedy: "liif convert makes a .safetensors of one that liif wrote")
        }
    }
}
