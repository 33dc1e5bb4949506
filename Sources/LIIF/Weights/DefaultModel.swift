import CEmbeddedWeights
import TensorFiles

extension LIIFModel {
    /// The default model, trained by this package and embedded in the binary; `origin` says how.
    ///
    /// - Throws: if the binary was built around a file that is no model of this version.
    public static func `default`() throws -> LIIFModel {
        let name = "the embedded model"
        return try LIIFModel(SafetensorsFile(bytes: defaultFile, named: name), named: name)
    }

    /// The embedded file, a constant of the binary.
    package static var defaultFile: UnsafeRawBufferPointer {
        let file = liif_default_model()
        return UnsafeRawBufferPointer(start: file.bytes, count: file.count)
    }
}
