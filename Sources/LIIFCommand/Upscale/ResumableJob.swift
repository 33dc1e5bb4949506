import ImageCodecs
import Imaging
import LIIF

/// What the rows of an output depend on: a run goes on with a file only if all of it is the same.
struct ResumableJob {
    /// By names that an error can say.
    private let parts: [String: String]

    /// - Parameters:
    ///   - model: Nil where no model is used.
    ///   - isInSRGB: Whether colours are converted before.
    /// - Throws: `ImageCodecError` if the input cannot be read.
    init(_ picture: PlannedPicture, model: LIIFModel?, precision: InferencePrecision, isInSRGB: Bool) throws {
        let (region, size) = (picture.rendering.region, picture.rendering.size)
        var parts = [
            "input": try ContentHash.ofFile(at: picture.input.path),
            "program": Version.program,
            "region": "\(region.x),\(region.y),\(region.width),\(region.height)",
            "output size": "\(size.width)x\(size.height)",
            "cell": picture.rendering.cellScale.map { "\($0)" } ?? "true",
            "colours": isInSRGB ? "sRGB" : "as they are",
        ]
        if picture.rendering.isEnlargement, let model {
            parts["model"] = model.digest()
            parts["precision"] = "\(precision)"
            parts["self-ensemble"] = picture.rendering.selfEnsemble ? "yes" : "no"
        }
        self.parts = parts
    }

    /// Begins the output, or goes on with it.
    func sink(
        at path: String, info: ImageInfo, metadata: ImageMetadata, options: TIFFOptions
    ) throws -> any RowSink {
        try ResumableTIFF.sink(at: path, info: info, metadata: metadata, options: options, job: parts)
    }
}
