import Foundation
import ImageCodecs
import Imaging
import LIIF
import Tensors

/// Carries out what is planned for a picture: file to file, row by row.
struct PictureUpscaler {
    /// Nil only where no picture is enlarged.
    let model: LIIFModel?
    let modelName: String
    let precision: Precision
    let pixelLimit: Int
    let encoding: EncodingOptions
    /// Whether metadata are dropped, and colours therefore converted to sRGB.
    let strips: Bool
    /// The format of what goes to the standard output.
    let streamFormat: ImageFormat

    /// - Parameter progress: Told how much of the output is there, 0…1.
    func upscale(_ picture: PlannedPicture, progress: (Double) -> Void) throws {
        let path = picture.output ?? StandardStreams.temporaryOutput(streamFormat.extensions[0])
        let format = ImageFormat(pathExtension: path) ?? streamFormat
        let watch = ChangeWatch(picture.input.path)
        let source = try source(of: picture)
        let sink = try ImageFile.sink(
            at: path, info: picture.rendering.output(in: format), metadata: metadata(of: source, picture),
            options: encoding)
        defer { sink.cancel() }
        let rows = try rows(of: picture, from: source)
        try write(rows, to: sink, progress: progress)
        try watch.check(name: picture.input.name)
        try sink.finish()
        if picture.output == nil { try StandardStreams.writeOutput(path) }
    }

    private func source(of picture: PlannedPicture) throws -> any RowSource {
        let source = try PictureFile.source(at: picture.input.path, pixelLimit: pixelLimit, inSRGB: strips)
        guard source.info == picture.rendering.info else {
            throw UpscaleError.changedWhileRead(file: picture.input.name)
        }
        return source
    }

    private func metadata(of source: any RowSource, _ picture: PlannedPicture) -> ImageMetadata {
        guard !strips else { return ImageMetadata() }
        let rendering = picture.rendering
        return source.metadata.produced(
            by: Provenance(
                program: Version.program, model: rendering.isEnlargement ? modelName : "bicubic",
                scale: (picture.scale, Double(rendering.size.height) / rendering.region.height)))
    }

    private func rows(of picture: PlannedPicture, from source: any RowSource) throws -> OutputRows {
        let rendering = picture.rendering
        guard rendering.isEnlargement else { return rendering.reduced(source) }
        if let features = source as? FeatureFileSource {
            return try rendering.enlarged(features.file, by: model!, precision: precision)
        }
        // Asked of a source of its own, for rows are read once.
        let isTransparent =
            source.info.channels % 2 == 0 ? try self.source(of: picture).isTransparent() : false
        return try rendering.enlarged(
            source, isTransparent: isTransparent, by: model!, precision: precision)
    }

    private func write(_ rows: OutputRows, to sink: any RowSink, progress: (Double) -> Void) throws {
        let writer = BackgroundWriter()
        // Whatever happens, nothing is written after the output has been taken away.
        defer { try? writer.finish() }
        nonisolated(unsafe) let target = sink
        var done = 0
        while let strip = try rows.next() {
            try writer.submit { try target.writeRows(strip) }
            done += strip.height
            progress(Double(done) / Double(sink.info.height))
        }
        try writer.finish()
    }
}
